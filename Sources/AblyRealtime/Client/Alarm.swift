internal import AblyAuth
internal import AblyTokens
internal import Synchronization

/// Rings when the earliest deadline has come.
final class Alarm: Sendable {
  private struct State: Sendable {
    /// The uptime at which it is to ring; `nil`: never.
    var next: Duration?
    /// The uptime until which somebody sleeps now.
    var sleepsUntil: Duration?
    var isAsleep = false
  }

  private let state = Locked(State())
  private let changed = Signal()

  /// Sets the deadline. One that is later than the one before wakes nobody: whoever sleeps looks again.
  func set(_ next: Duration?) {
    let isEarlier = state.withLock { state in
      state.next = next
      guard state.isAsleep, let next else { return false }
      guard let sleepsUntil = state.sleepsUntil else { return true }
      return next < sleepsUntil
    }
    if isEarlier { changed.set() }
  }

  /// Rings until the task is cancelled.
  func run(_ clock: HostClock, ring: @Sendable () -> Void) async {
    while !Task.isCancelled {
      let deadline = state.withLock { state in
        state.isAsleep = true
        state.sleepsUntil = state.next
        return state.next
      }
      await sleep(until: deadline, clock)
      let next = state.withLock { state in
        state.isAsleep = false
        return state.next
      }
      if let next, next <= clock.uptime(), !Task.isCancelled { ring() }
    }
  }

  private func sleep(until deadline: Duration?, _ clock: HostClock) async {
    guard let deadline else { return await changed.wait() }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await clock.sleepUntil(deadline) }
      group.addTask { [changed] in await changed.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
