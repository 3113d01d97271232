internal import AblyTokens
internal import NIOCore
internal import Synchronization

/// The sockets that were told apart: no task waits for one of them, so somebody has to know them all.
final class OpenSockets: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Locked(State())

  /// One more, until it is closed; one that comes too late is closed at once.
  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let isOver = state.withLock { state in
      state.channels[id] = channel
      return state.isOver
    }
    channel.closeFuture.whenComplete { [self] _ in remove(id) }
    if isOver { channel.close(promise: nil) }
  }

  private func remove(_ id: ObjectIdentifier) {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.channels[id] = nil
      guard state.channels.isEmpty else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Closes them all, and those that come later.
  func closeAll() {
    let channels = state.withLock { state in
      state.isOver = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.close(promise: nil) }
  }

  /// Returns when there is none left. A task that is cancelled closes them.
  func waitUntilGone() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let isOver = state.withLock { state in
          if !state.channels.isEmpty { state.waiters.append(waiter) }
          return state.channels.isEmpty
        }
        if isOver { waiter.resume() }
      }
    } onCancel: {
      closeAll()
    }
  }
}
