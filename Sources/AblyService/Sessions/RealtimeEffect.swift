/// What is to be done about a socket.
enum RealtimeEffect: Sendable {
  case send(TransportID, OutgoingFrame)
  /// Something the client's library sees and its application does not (RTN23b).
  case ping(TransportID)
  /// The socket is closed once what was sent before has gone out.
  case close(TransportID)
}
