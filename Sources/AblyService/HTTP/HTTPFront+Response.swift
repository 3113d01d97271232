internal import AblyTokens
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

extension HTTPFront {
  /// An answer as it goes out.
  struct Answer: Sendable {
    var head: HTTPResponseHead
    let body: ByteBuffer
  }

  /// The answer to what is no HTTP.
  static let malformed = Answer(
    head: HTTPResponseHead(version: .http1_1, status: .badRequest, headers: ["Content-Length": "0"]),
    body: ByteBuffer())

  /// `nil` where the connection is cut instead, because a fault rule wants it so.
  func answer(
    _ response: ServiceResponse, to question: ServiceRequest, since start: ContinuousClock.Instant
  ) -> Answer? {
    if response.isDropped { return nil }
    let body = response.encoded(as: question.answerFormat)
    log(question, response, since: start)
    return Answer(
      head: HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: response.status),
        headers: Self.headers(response, of: body)),
      body: ByteBuffer(bytes: body.bytes))
  }

  private static func headers(
    _ response: ServiceResponse, of body: (bytes: [UInt8], mediaType: String)
  ) -> HTTPHeaders {
    var headers = HTTPHeaders()
    headers.reserveCapacity(response.headers.count + 3)
    for (name, value) in response.headers {
      // A fault rule may name what the body decides, or what is no header.
      guard let name = HTTPField.Name(name), name != .contentType, name != .contentLength else { continue }
      headers.add(name: name.rawName, value: HTTPField(name: name, value: value).value)
    }
    guard response.status != 204 else { return headers }
    headers.add(name: "Content-Type", value: body.mediaType)
    headers.add(name: "Content-Length", value: String(body.bytes.count))
    return headers
  }
}
