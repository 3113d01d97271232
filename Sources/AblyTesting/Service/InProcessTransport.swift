public import AblyAuth
internal import AblyService
internal import AblyTokens
public import HTTPTypes
internal import Logging

/// Carries a client's requests to a service in the same process: no socket, no port, no other thread.
///
/// The client's options may name any host. Requests and answers are those that would travel, in JSON or in
/// MessagePack.
public struct InProcessTransport: HTTPTransport {
  let core: ServiceCore
  let logger: Logger
  /// Waits by the clock of the service.
  let sleep: @Sendable (Duration) async throws -> Void

  /// The largest body, as behind a socket.
  private static let maximumBodyBytes = ServerLimits().bodyBytes

  /// Asks the service; see `HTTPTransport`.
  ///
  /// - Throws: `cancelled` in a task that is, `timedOut` and `tooLarge` for an answer over a limit, the time being that
  ///   of the service's clock, `broken` where a fault rule wants it so.
  public func send(
    _ request: HTTPRequest, body: [UInt8], limits: HTTPLimits
  ) async throws(HTTPFailure) -> HTTPReply {
    let question = Self.question(request, body)
    let answer = try await answer(to: question, within: limits.timeout)
    if answer.isDropped { throw HTTPFailure(.broken, "a fault rule ended the connection") }
    log(question, answer)
    let encoded = answer.encoded(as: question.answerFormat)
    guard encoded.bytes.count <= limits.maximumBodySize else {
      throw HTTPFailure(.tooLarge, "the answer takes \(encoded.bytes.count) bytes")
    }
    return Self.reply(answer, (request.method == .head ? [] : encoded.bytes, encoded.mediaType))
  }

  private func answer(
    to question: ServiceRequest, within timeout: Duration
  ) async throws(HTTPFailure) -> ServiceResponse {
    do {
      return try await TimeLimit(duration: timeout, sleep: sleep).run { [core] in
        question.body.count > Self.maximumBodyBytes
          ? ServiceResponse(bodyOver: Self.maximumBodyBytes) : await core.respond(to: question)
      }
    } catch {
      throw error is TimeLimit.Reached
        ? HTTPFailure(.timedOut, "") : HTTPFailure(.cancelled, "the task was cancelled")
    }
  }

  private static func question(_ request: HTTPRequest, _ body: [UInt8]) -> ServiceRequest {
    var headers = HeaderFields(minimumCapacity: request.headerFields.count + 1)
    for field in request.headerFields { headers.append(field.name.canonicalName, field.value) }
    headers["host"] = request.authority
    return ServiceRequest(
      request.method.rawValue, request.path ?? "/", fields: headers, body: body,
      peer: ServiceRequest.Peer(isLoopback: true, isSecure: request.scheme == "https"))
  }

  private static func reply(
    _ answer: ServiceResponse, _ body: (bytes: [UInt8], mediaType: String)
  ) -> HTTPReply {
    var fields = HTTPFields()
    for (name, value) in answer.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    if answer.status != 204 { fields[.contentType] = body.mediaType }
    return HTTPReply(
      response: HTTPResponse(status: .init(code: answer.status), headerFields: fields), body: body.bytes)
  }

  // As the front behind a socket logs it.
  private func log(_ question: ServiceRequest, _ answer: ServiceResponse) {
    let path = question.target.prefix { $0 != "?" }
    var metadata: Logger.Metadata = [
      "method": "\(question.method)", "path": "\(PeerText.line(String(path), maximumCount: 256))",
      "status": "\(answer.status)",
    ]
    metadata["code"] = answer.errorCode.map { "\($0.rawValue)" }
    logger.debug("answered", metadata: metadata)
  }
}
