internal import AblyAuth
internal import AblyTokens
internal import HTTPTypes
internal import Synchronization

/// Answers requests over HTTP from a closure, and remembers them.
final class StubHTTP: HTTPTransport {
  private let answer: @Sendable (HTTPRequest) async throws(HTTPFailure) -> HTTPReply
  private let record = Locked<[HTTPRequest]>([])

  /// Without a closure, nothing listens.
  init(
    _ answer: @escaping @Sendable (HTTPRequest) async throws(HTTPFailure) -> HTTPReply = {
      _ throws(HTTPFailure) in throw HTTPFailure(.refused, "")
    }
  ) {
    self.answer = answer
  }

  var requests: [HTTPRequest] { record.withLock { $0 } }

  func send(
    _ request: HTTPRequest, body: [UInt8], limits: HTTPLimits
  ) async throws(HTTPFailure) -> HTTPReply {
    record.withLock { $0.append(request) }
    return try await answer(request)
  }
}

extension HTTPReply {
  static func json(_ body: JSONValue, status: Int = 200) -> HTTPReply {
    HTTPReply(
      response: HTTPResponse(
        status: HTTPResponse.Status(code: status), headerFields: [.contentType: "application/json"]),
      body: body.utf8)
  }

  static func text(_ body: String) -> HTTPReply {
    HTTPReply(
      response: HTTPResponse(status: .ok, headerFields: [.contentType: "text/plain"]), body: Array(body.utf8))
  }
}
