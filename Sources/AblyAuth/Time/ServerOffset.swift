#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// How far this machine's time of day is from the service's, as far as that is known (RSA10k).
enum ServerOffset: Sendable {
  /// It was never asked for. Becomes `known`.
  case unknown

  /// Asked for at this moment of both clocks. Becomes `lost` when somebody sets the time of day.
  case known(seconds: TimeInterval, wall: Date, uptime: Duration)

  /// It was known, and is no longer. Becomes `known`.
  case lost

  /// A time of day and an uptime that move apart by more than this were set, not drifting.
  private static let tolerance: TimeInterval = 1

  /// Whether nobody set the time of day between two moments of both clocks.
  static func isSteady(since then: (wall: Date, uptime: Duration), _ now: (wall: Date, uptime: Duration))
    -> Bool
  {
    let (whole, attoseconds) = (now.uptime - then.uptime).components
    let elapsed = TimeInterval(whole) + TimeInterval(attoseconds) * 1e-18
    return abs(now.wall.timeIntervalSince(then.wall) - elapsed) <= tolerance
  }

  /// Whether it was known once, so that whoever relied on it needs it again.
  var isLost: Bool {
    if case .lost = self { true } else { false }
  }
}
