internal import AblyTokens

/// What is to be done about a socket, or told to other nodes.
enum RealtimeEffect: Sendable {
  case none
  case send(TransportID, OutgoingFrame)
  /// Something the client's library sees and its application does not (RTN23b).
  case ping(TransportID)
  /// The socket is closed once what was sent before has gone out.
  case close(TransportID)
  /// Something that a client wanted is refused with this code, or its connection ends by it.
  case refused(TransportID?, ErrorInfo.Code)
  /// Nothing more is to be read of the socket, or is again: too much of what came over it waits for an answer.
  case hold(TransportID, Bool)
  /// The log of the cluster gets them, and whoever waits for it is told.
  case append([LogEntry], LogTicket?)
}
