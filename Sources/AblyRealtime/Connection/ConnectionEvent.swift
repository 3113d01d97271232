/// What a connection tells its listeners about (RTN4).
public enum ConnectionEvent: Sendable, Hashable {
  /// Another state was entered.
  case state(ConnectionState)
  /// Something about the connection changed and its state did not (RTN4h).
  case update
}
