public import HTTPTypes

/// An answer, read to its end.
public struct HTTPReply: Sendable, Hashable {
  /// The status and the header fields.
  public var response: HTTPResponse

  /// The body.
  public var body: [UInt8]

  /// Puts an answer together.
  public init(response: HTTPResponse, body: [UInt8] = []) {
    self.response = response
    self.body = body
  }
}
