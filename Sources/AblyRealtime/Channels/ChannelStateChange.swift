public import AblyTokens

/// One thing that happened to a channel (TH1).
public struct ChannelStateChange: Sendable, Hashable {
  /// The state before (TH2).
  public let previous: ChannelState
  /// The state now (TH2).
  public let current: ChannelState
  /// What happened (TH5).
  public let event: ChannelEvent
  /// Why, where there is something to say (TH3).
  public let reason: ErrorInfo?
  /// Whether no message was lost in between (TH4, RTL2f).
  public let resumed: Bool
  /// Whether messages from before are about to come (TH6, RTL2i).
  public let hasBacklog: Bool

  init(
    from previous: ChannelState, to current: ChannelState, event: ChannelEvent? = nil,
    reason: ErrorInfo? = nil, resumed: Bool = false, hasBacklog: Bool = false
  ) {
    self.previous = previous
    self.current = current
    self.event = event ?? .state(current)
    self.reason = reason
    self.resumed = resumed
    self.hasBacklog = hasBacklog
  }
}
