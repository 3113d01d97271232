internal import AblyTokens
internal import Synchronization

/// Holds whoever passes until it is opened, or until they are cancelled.
final class Gate: Sendable {
  private struct State: Sendable {
    var isOpen = false
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var arrived = 0
    var departed = 0
    var departureWatchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Locked(State())

  /// Waits here.
  func pass() async {
    let ticket = state.withLock { state in
      state.arrived += 1
      return state.arrived
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isFree = state.withLock { state in
          if state.isOpen || Task.isCancelled { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if isFree { continuation.resume() }
        notify()
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }
    state.withLock { $0.departed += 1 }
    notify()
  }

  /// Waits until so many have come.
  func arrivals(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.watchers.append((count, continuation)) }
      notify()
    }
  }

  /// Waits until so many have gone on, freed or cancelled.
  func departures(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.departureWatchers.append((count, continuation)) }
      notify()
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting.values.map(\.self)
    }
    for continuation in waiting { continuation.resume() }
  }

  private func notify() {
    let reached = state.withLock { state in
      let reached =
        state.watchers.filter { $0.count <= state.arrived }
        + state.departureWatchers.filter { $0.count <= state.departed }
      state.watchers.removeAll { $0.count <= state.arrived }
      state.departureWatchers.removeAll { $0.count <= state.departed }
      return reached
    }
    for watcher in reached { watcher.continuation.resume() }
  }
}
