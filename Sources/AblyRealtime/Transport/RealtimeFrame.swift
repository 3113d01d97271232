/// One message of a WebSocket.
public struct RealtimeFrame: Sendable, Hashable {
  /// Whether it is text, in UTF-8, or bytes.
  public var isText: Bool

  /// What it holds.
  public var bytes: [UInt8]

  /// Puts a frame together.
  public init(isText: Bool, bytes: [UInt8]) {
    self.isText = isText
    self.bytes = bytes
  }
}

/// What can happen on a WebSocket.
public enum RealtimeSocketEvent: Sendable {
  /// A frame came.
  case frame(RealtimeFrame)

  /// Something came that is not a frame of the protocol, a ping for instance: the peer is there (RTN23b).
  case activity

  /// The socket could not be opened, or is gone. Nothing follows.
  case ended(RealtimeSocketEnd)
}
