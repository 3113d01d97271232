// A connection's state, and why it ended or did not begin.
extension ErrorInfo.Code {
  /// The connection failed for good: the client does not retry by itself.
  public static let connectionFailed: Self = 80000

  /// No transport could be opened, for instance because the network lets no WebSocket through.
  public static let noUsableTransport: Self = 80001

  /// There was no connection for so long that its state is lost. The client goes on trying, less often.
  public static let connectionSuspended: Self = 80002

  /// The connection was lost and will be made again.
  public static let connectionDisconnected: Self = 80003

  /// A connection was asked for where there is one.
  public static let connectionAlreadyEstablished: Self = 80004

  /// The operation needs a connection, and there is none.
  public static let connectionNotEstablished: Self = 80009

  /// The operation is not possible on a connection in this state, such as a closed one.
  public static let invalidConnectionOperation: Self = 80010

  /// A peer sent something that is not a message of the protocol.
  public static let protocolError: Self = 80013

  /// The connection, or an answer on it, did not come within realtimeRequestTimeout.
  public static let connectionTimedOut: Self = 80014

  /// The parameters of the connection do not fit each other or the service.
  public static let incompatibleConnectionParameters: Self = 80015

  /// The connection was closed because somebody asked for it.
  public static let connectionClosed: Self = 80017

  /// The account opens connections faster than it may.
  public static let accountConnectionRateExceeded: Self = 80021

  /// The client speaks a protocol version that is being retired.
  public static let outdatedClient: Self = 80024

  /// The app admits only clients that meet certain conditions, and this one does not.
  public static let clientRestrictionNotSatisfied: Self = 80030
}

extension ErrorInfo.Code {
  static let connectionEntries: [Entry] = [
    Entry(
      .connectionFailed, "connection failed",
      "Read the cause or the connection's errorReason, correct what it names, and call connect()."),
    Entry(
      .noUsableTransport, "no usable transport",
      """
      Check that a WebSocket can reach the host from this network: a proxy or firewall that drops Upgrade \
      requests is the usual reason.
      """),
    Entry(
      .connectionSuspended, "connection suspended",
      "Check the network; call connect() to try at once instead of waiting for the next attempt."),
    Entry(
      .connectionDisconnected, "connection lost",
      """
      Nothing: the client connects again within seconds. If it happens all the time, look for a proxy that \
      closes idle connections.
      """),
    Entry(
      .connectionAlreadyEstablished, "connection already established",
      "Use the connection that is open, or close it before opening another."),
    Entry(
      .connectionNotEstablished, "not connected",
      """
      Wait for the connected state before the operation, or call connect() if the client was told not to \
      connect by itself.
      """),
    Entry(
      .invalidConnectionOperation, "operation does not fit the connection's state",
      "Look at the connection's state first: a closed or failed one needs connect() before anything else."),
    Entry(
      .protocolError, "protocol error",
      """
      Check that the host and port are those of Ably or a compatible service and nothing on the way changes \
      frames; then report it with the message's text.
      """),
    Entry(
      .connectionTimedOut, "connection timed out",
      """
      Check that the host answers (`ably-auth time`), and raise realtimeRequestTimeout for a slow network.
      """),
    Entry(
      .incompatibleConnectionParameters, "connection parameters do not fit",
      "Take your own transport parameters out and add them back one by one."),
    Entry(
      .connectionClosed, "connection closed",
      "Nothing, if you called close(); connect() opens it again."),
    Entry(
      .accountConnectionRateExceeded, "account opens connections too fast", status: 429,
      """
      Connect again after a pause of random length, so that many clients do not come back at the same \
      moment.
      """),
    Entry(
      .outdatedClient, "client too old",
      "Update the client library: its protocol version will soon be refused altogether."),
    Entry(
      .clientRestrictionNotSatisfied, "client not admitted",
      """
      Compare the app's restrictions on clients with what this one sends; the message may name the one that \
      was not met.
      """),
  ]
}
