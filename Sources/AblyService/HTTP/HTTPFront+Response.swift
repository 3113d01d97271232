internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

extension HTTPFront {
  static let tooLarge = ServiceResponse(
    refusing: ErrorInfo(
      .maxMessageSizeExceeded, "the body is larger than \(maximumBodyBytes) bytes", statusCode: 413))

  /// The body of an answer, as it travels.
  struct EncodedBody: Sendable {
    let bytes: [UInt8]
    let mediaType: String

    /// - Parameter isAbsent: for a status that goes without a body.
    init(_ body: JSONValue, as format: WireFormat, isAbsent: Bool = false) {
      bytes = isAbsent ? [] : format.encode(body)
      mediaType = format.mediaType
    }
  }

  static func head(
    _ response: ServiceResponse, of body: EncodedBody, for request: Request
  ) -> HTTPResponse {
    var fields = HTTPFields()
    for (name, value) in response.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    if response.status != 204 { fields[.contentType] = body.mediaType }
    if asksForUpgrade(request) { fields[.connection] = "close" }
    if response.status != 204 { fields[.contentLength] = String(body.bytes.count) }
    return HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
  }

  // A HEAD is refused like any other wrong method, but the answer to one never has a body.
  static func body(_ body: EncodedBody, for request: Request) -> ResponseBody {
    request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes))
  }
}
