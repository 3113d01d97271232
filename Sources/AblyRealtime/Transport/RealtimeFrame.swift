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
