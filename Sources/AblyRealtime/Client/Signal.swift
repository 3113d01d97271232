internal import AblyTokens
internal import Synchronization

/// Wakes the one who waits. Set while nobody does, it wakes the next at once.
final class Signal: Sendable {
  private struct State: Sendable {
    var isSet = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Locked(State())

  func set() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      state.isSet = state.waiting == nil
      return state.waiting
    }
    waiting?.resume()
  }

  /// Returns when it is set, or when the task is cancelled.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          // Asked under the lock: a cancellation from now on finds the continuation.
          guard !state.isSet, !Task.isCancelled else {
            state.isSet = false
            return true
          }
          state.waiting = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiting = state.withLock { state in
        defer { state.waiting = nil }
        return state.waiting
      }
      waiting?.resume()
    }
  }
}
