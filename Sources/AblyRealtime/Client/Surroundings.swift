package import AblyAuth
internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a client takes from outside, so that tests can bring their own.
package struct Surroundings: Sendable {
  /// The clocks of this machine.
  package var clock: HostClock

  /// From 0.8 to 1 (RTB1b).
  package var jitter: @Sendable () -> Double

  /// A text that nobody makes twice (RTN13e).
  package var id: @Sendable () -> String

  package init(
    clock: HostClock = .system, jitter: @escaping @Sendable () -> Double = { .random(in: 0.8...1) },
    id: @escaping @Sendable () -> String = { RandomText.next() }
  ) {
    self.clock = clock
    self.jitter = jitter
    self.id = id
  }

  func moment(_ auth: Auth) -> Moment {
    Moment(
      uptime: clock.uptime(), milliseconds: Int64(clock.now().timeIntervalSince1970 * 1000),
      jitter: jitter(), canRenew: auth.canRenew, clientId: auth.clientId)
  }
}
