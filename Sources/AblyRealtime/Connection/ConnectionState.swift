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
