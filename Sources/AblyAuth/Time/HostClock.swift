#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// The clocks of this machine, so that tests can bring their own.
package struct HostClock: Sendable {
  /// The time of day, which people and protocols set forward and back.
  package let now: @Sendable () -> Date

  /// The time since some fixed moment, which only goes forward.
  package let uptime: @Sendable () -> Duration

  /// Waits. Throws when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void

  /// Waits until this uptime. Throws when the task is cancelled.
  package let sleepUntil: @Sendable (Duration) async throws -> Void

  /// - Parameter sleepUntil: made of the others where it is absent.
  package init(
    now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    sleepUntil: (@Sendable (Duration) async throws -> Void)? = nil
  ) {
    self.now = now
    self.uptime = uptime
    self.sleep = sleep
    self.sleepUntil = sleepUntil ?? { try await sleep($0 - uptime()) }
  }

  /// The machine's own. The uptime goes on while the machine is suspended.
  package static let system: HostClock = {
    let start = ContinuousClock.now
    return HostClock(
      now: { Date() }, uptime: { start.duration(to: .now) },
      sleep: { try await Task.sleep(for: HostClock.bearable($0)) })
  }()

  /// How long is slept where so long is asked for: a hundred years at most. The runtime counts nanoseconds in 64 bits, and
  /// a service may name any time: what overflows there would end at once, over and over.
  package static func bearable(_ duration: Duration) -> Duration {
    min(duration, .seconds(100 * 365 * 86_400))
  }
}
