internal import AblyTokens
internal import Synchronization

/// Wakes those who wait for the next deadline when an earlier one comes up.
final class Alarm: Sendable {
  private struct State {
    var rings: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var count: UInt64 = 0
  }

  private let state = Locked(State())

  /// How often it has rung. Whoever asks before looking at a clock misses no ring while looking.
  var rings: UInt64 { state.withLock(\.rings) }

  func ring() {
    state.withLock { state in
      state.rings += 1
      for waiter in state.waiters.values { waiter.resume() }
      state.waiters = [:]
    }
  }

  /// Returns once it has rung more often than `rings` times, or the task is cancelled.
  func wait(after rings: UInt64) async {
    let id = state.withLock { state in
      state.count += 1
      return state.count
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        state.withLock { state in
          if state.rings > rings || Task.isCancelled {
            waiter.resume()
          } else {
            state.waiters[id] = waiter
          }
        }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id)?.resume() }
    }
  }
}
