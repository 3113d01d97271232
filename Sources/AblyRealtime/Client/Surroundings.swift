package import AblyAuth
internal import AblyTokens
internal import Synchronization

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
    clock: HostClock = .system, jitter: (@Sendable () -> Double)? = nil,
    id: @escaping @Sendable () -> String = { RandomText.next() }
  ) {
    self.clock = clock
    self.jitter = jitter ?? { Jitter.next() }
    self.id = id
  }

  func moment(_ auth: Auth) -> Moment {
    let (canRenew, clientId) = auth.standing
    return Moment(
      uptime: clock.uptime(), milliseconds: Int64(clock.now().timeIntervalSince1970 * 1000),
      jitter: jitter(), canRenew: canRenew, clientId: clientId)
  }
}

/// Numbers that differ from client to client: nobody has to be unable to guess them, and each event takes one.
private enum Jitter {
  private static let state = Atomic<UInt64>(.random(in: .min ... .max))

  /// From 0.8 to 1.
  static func next() -> Double {
    // SplitMix64.
    var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return 0.8 + 0.2 * Double(mixed >> 11) / Double(1 << 53)
  }
}
