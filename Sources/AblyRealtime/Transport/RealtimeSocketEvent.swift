/// What can happen on a WebSocket.
public enum RealtimeSocketEvent: Sendable {
  /// A frame came.
  case frame(RealtimeFrame)

  /// Something came that is not a frame of the protocol, a ping for instance: the peer is there (RTN23b).
  case activity

  /// The socket could not be opened, or is gone. Nothing follows.
  case ended(RealtimeSocketEnd)
}
