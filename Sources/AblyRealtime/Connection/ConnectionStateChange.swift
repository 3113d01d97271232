public import AblyTokens

/// One thing that happened to a connection (TA1).
public struct ConnectionStateChange: Sendable, Hashable {
  /// The state before (TA2).
  public let previous: ConnectionState
  /// The state now (TA2).
  public let current: ConnectionState
  /// What happened (TA5).
  public let event: ConnectionEvent
  /// Why, where there is something to say (TA3).
  public let reason: ErrorInfo?
  /// How long until the next attempt (TA2).
  public let retryIn: Duration?

  init(
    from previous: ConnectionState, to current: ConnectionState, event: ConnectionEvent? = nil,
    reason: ErrorInfo? = nil, retryIn: Duration? = nil
  ) {
    self.previous = previous
    self.current = current
    self.event = event ?? .state(current)
    self.reason = reason
    self.retryIn = retryIn
  }
}
