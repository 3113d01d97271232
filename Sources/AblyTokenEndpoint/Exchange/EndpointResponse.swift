internal import AblyTokens
public import HTTPTypes

/// The endpoint's answer, for whatever web framework.
public struct EndpointResponse: Sendable {
  /// The status.
  public var status: HTTPResponse.Status

  /// The header fields, without `Content-Length`.
  public var headerFields: HTTPFields

  /// The body. Where the status is 200 it holds a credential.
  public var body: [UInt8]

  /// Puts an answer together.
  public init(status: HTTPResponse.Status, headerFields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.headerFields = headerFields
    self.body = body
  }

  /// What refuses, in the form of Ably's errors.
  init(_ refusal: Refusal) {
    var fields = refusal.headerFields
    fields[.contentType] = "application/json"
    fields[.cacheControl] = "no-store"
    self.init(
      status: HTTPResponse.Status(code: refusal.error.statusCode), headerFields: fields,
      body: refusal.error.errorBody.utf8)
  }
}

extension EndpointResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The status and the size of the body, which may be a token.
  public var description: String { "\(status.code), \(body.count) bytes" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the ``description`` alone, so that `dump` prints no token.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
