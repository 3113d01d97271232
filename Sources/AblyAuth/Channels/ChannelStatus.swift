/// Whether a channel is active, and who is on it (CHS1).
public struct ChannelStatus: Sendable, Hashable {
  /// Whether it is active (CHS2a).
  public var isActive: Bool

  /// Who is on it; `nil` where the service did not count (CHS2b, CHO2a).
  public var occupancy: ChannelMetrics?
}
