public import AblyTokens

/// Where a connection stands (RTN27).
public enum ConnectionState: String, Sendable, Hashable, CaseIterable {
  /// Nothing was done yet. Becomes `connecting`, `failed` when `authorize` is refused for good, `closed` when the
  /// client ends, and is never returned to.
  case initialized
  /// A connection is being made: a token obtained, a socket opened, the service's confirmation awaited. Becomes
  /// `connected`, `disconnected`, `suspended`, `closing` or `failed`.
  case connecting
  /// The service confirmed the connection. Becomes `disconnected`, `closing` or `failed`.
  case connected
  /// There is no connection, and soon another attempt. Becomes `connecting`, `suspended`, `closed` or `failed`.
  case disconnected
  /// There has been no connection for so long that what happened meanwhile may be lost. Attempts go on.
  /// Becomes `connecting`, `closed` or `failed`.
  case suspended
  /// It was asked to close, and the service has yet to confirm it. Becomes `closed`; at once when it is asked to
  /// connect, and `connecting` after that.
  case closing
  /// It was closed. Becomes `connecting` when it is asked to.
  case closed
  /// Trying again makes no sense until somebody changed something. Becomes `connecting` when it is asked to.
  case failed
}

/// What a connection tells its listeners about (RTN4).
public enum ConnectionEvent: Sendable, Hashable {
  /// Another state was entered.
  case state(ConnectionState)
  /// Something about the connection changed and its state did not (RTN4h).
  case update
}

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
