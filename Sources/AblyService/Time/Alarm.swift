internal import AblyTokens
internal import Synchronization

/// Wakes those who wait for the next deadline when an earlier one comes up.
///
/// Whoever waits is resumed outside of the lock: to resume a task is to take its lock, under which a cancellation asks
/// for this one.
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
    let waiters = state.withLock { state in
      state.rings += 1
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns once it has rung more often than `rings` times, or the task is cancelled.
  func wait(after rings: UInt64) async {
    let id = state.withLock { state in
      state.count += 1
      return state.count
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let isOver = state.withLock { state in
          let isOver = state.rings > rings || Task.isCancelled
          if !isOver { state.waiters[id] = waiter }
          return isOver
        }
        if isOver { waiter.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
