public import AblyTokens

/// Where a channel stands (RTL2).
public enum ChannelState: String, Sendable, Hashable, CaseIterable {
  /// Nothing was done yet, or another connection begins (RTN11d). Becomes `attaching`, or `failed` where the service
  /// refuses it.
  case initialized
  /// The service was, or is about to be, asked to attach it. Becomes `attached`, `suspended`, `detached` or
  /// `failed`.
  case attaching
  /// The service confirmed it: messages flow. Becomes `attaching`, `detaching`, `detached`, `suspended` or
  /// `failed`.
  case attached
  /// The service was asked to detach it. Becomes `detached`, `attached` when it does not answer, or `failed`.
  case detaching
  /// It was detached. Becomes `attaching` when it is asked to, `detaching` when an attachment comes too late (RTL5k),
  /// `failed`, or `initialized`.
  case detached
  /// It could not be attached, or the connection was lost for too long. Attempts go on by themselves.
  /// Becomes `attaching`, `detached`, `failed` or `initialized`.
  case suspended
  /// The service refused it. Becomes `attaching` when it is asked to, or `initialized`.
  case failed
}

/// What a channel tells its listeners about (RTL2).
public enum ChannelEvent: Sendable, Hashable {
  /// Another state was entered (RTL2a).
  case state(ChannelState)
  /// Something about the channel changed and its state did not (RTL2g).
  case update
}

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
