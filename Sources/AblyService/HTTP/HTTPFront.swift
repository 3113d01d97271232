internal import AblyTokens
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// Turns HTTP requests into the core's, and its answers into HTTP responses.
struct HTTPFront: Sendable {
  let core: ServiceCore
  let isSecure: Bool
  var limits = ServerLimits()
  let logger: Logger

  /// The largest body where nothing else is configured, in bytes.
  static let maximumBodyBytes = ServerLimits().bodyBytes

  /// How much of a body that is too large is read and thrown away, so that its sender gets to read the
  /// answer. Beyond that the connection is cut.
  static let maximumDrainedBytes = 4 << 20

  /// The most that all headers of a request may take where nothing else is configured, in bytes.
  static let maximumHeaderBytes = ServerLimits().headerBytes

  func respond(
    to request: Request, through writer: consuming ResponseWriter, over channel: any Channel
  ) async throws {
    let start = ContinuousClock.now
    let body = try await RequestBodyReader(request, limits).read()
    let question = serviceRequest(request, body.bytes, over: channel)
    let response = body.isWhole ? await core.respond(to: question) : refusedAsTooLarge(question)
    if response.isDropped { throw ConnectionEnds() }
    let encoded = response.encoded(as: question.answerFormat)
    log(request, response, took: .now - start)
    try await writer.write(
      response: Self.head(response, of: encoded, for: request), body: Self.body(encoded, for: request))
    if case .endless = body { throw ConnectionEnds() }
    if Self.asksForUpgrade(request) { throw ConnectionEnds() }
  }

  private func refusedAsTooLarge(_ question: ServiceRequest) -> ServiceResponse {
    let response = ServiceResponse(bodyOver: limits.bodyBytes)
    core.metrics.answered(response, on: Route.name(of: question.path))
    return response
  }

  /// Makes Hummingbird close the connection after an answer that has been written.
  private struct ConnectionEnds: Error {}

  /// Whether a client offers another protocol, which is ignored. The connection ends with the answer: after
  /// such an offer NIO's decoder reads no further request from it, and the next one would wait for ever.
  /// ``UpgradeFilter`` has made of it that the client wants the connection to end.
  static func asksForUpgrade(_ request: Request) -> Bool { request.headers[.connection] == "close" }

  private func serviceRequest(_ request: Request, _ body: [UInt8], over channel: any Channel)
    -> ServiceRequest
  {
    var headers: [String: String] = [:]
    for field in request.headers {
      let name = field.name.canonicalName
      headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
    }
    // Not among the fields: HTTPTypes has it as a part of the request's line.
    headers["host"] = request.head.authority
    let isLoopback = channel.remoteAddress.map(Loopback.contains) ?? false
    var question = ServiceRequest(
      request.method.rawValue, request.head.path ?? "", headers: headers, body: body,
      peer: ServiceRequest.Peer(isLoopback: isLoopback, isSecure: isSecure))
    question.maximumDepth = limits.depth
    return question
  }

  // The path without its query, where credentials may stand.
  private func log(_ request: Request, _ response: ServiceResponse, took duration: Duration) {
    let level: Logger.Level = response.status < 400 ? .debug : response.status < 500 ? .info : .error
    // What nobody reads is not put into words.
    guard logger.logLevel <= level else { return }
    let path = (request.head.path ?? "").prefix { $0 != "?" }
    var metadata: Logger.Metadata = [
      "method": "\(request.method.rawValue)", "path": "\(PeerText.line(String(path), maximumCount: 256))",
      "status": "\(response.status)", "duration": "\(duration)",
    ]
    metadata["code"] = response.errorCode.map { "\($0.rawValue)" }
    logger.log(level: level, "answered", metadata: metadata)
  }
}
