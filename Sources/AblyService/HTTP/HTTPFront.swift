internal import AblyTokens
internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Turns HTTP requests into the core's, and its answers into HTTP responses.
struct HTTPFront: Sendable {
  let core: ServiceCore
  let isSecure: Bool
  var limits = ServerLimits()
  let logger: Logger

  /// Where what has to be waited for is waited for.
  let errands: Errands

  /// The largest body where nothing else is configured, in bytes.
  static let maximumBodyBytes = ServerLimits().bodyBytes

  /// How much of a body that is too large is read and thrown away, so that its sender gets to read the
  /// answer. Beyond that the connection is cut.
  static let maximumDrainedBytes = 4 << 20

  /// The most that all headers of a request may take where nothing else is configured, in bytes.
  static let maximumHeaderBytes = ServerLimits().headerBytes

  /// How long a request may take from its head to its end.
  var requestTime: TimeAmount { TimeAmount(limits.requestTimeout) }

  /// How long a client may take to read the last answer, and close its end.
  var closingTime: TimeAmount { TimeAmount(limits.closingTime) }

  /// Who is at the other end of a connection.
  func peer(of channel: any Channel) -> ServiceRequest.Peer {
    ServiceRequest.Peer(
      isLoopback: channel.remoteAddress.map(Loopback.contains) ?? false, isSecure: isSecure)
  }

  func question(_ request: IncomingRequest, from peer: ServiceRequest.Peer) -> ServiceRequest {
    let head = request.head
    var headers = HeaderFields(minimumCapacity: head.headers.count)
    for (name, value) in head.headers { headers.append(name, value) }
    var question = ServiceRequest(
      head.method.rawValue, Self.target(of: head.uri), fields: headers, body: request.body, peer: peer)
    question.maximumDepth = limits.depth
    return question
  }

  /// Path and query. Of a whole URL, as proxies are asked for it, that is the end.
  static func target(of uri: String) -> String {
    guard uri.utf8.first != UInt8(ascii: "/"), let scheme = uri.firstRange(of: "://") else { return uri }
    let rest = uri[scheme.upperBound...]
    let start = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    return rest[start...].utf8.first == UInt8(ascii: "/") ? String(rest[start...]) : "/\(rest[start...])"
  }

  func tooLarge(_ question: ServiceRequest) -> ServiceResponse {
    let response = ServiceResponse(bodyOver: limits.bodyBytes)
    core.metrics.answered(response, on: question.route)
    return response
  }

  // The path without its query, where credentials may stand.
  func log(_ request: ServiceRequest, _ response: ServiceResponse, since start: ContinuousClock.Instant) {
    let level: Logger.Level =
      response.status < 400 ? .debug : response.status < 500 || response.isExpected ? .info : .error
    // What nobody reads is not put into words.
    guard logger.logLevel <= level else { return }
    var metadata: Logger.Metadata = [
      "method": "\(request.method)", "path": "\(request.shownPath)",
      "status": "\(response.status)", "duration": "\(ContinuousClock.now - start)",
    ]
    metadata["code"] = response.errorCode.map { "\($0.rawValue)" }
    logger.log(level: level, "answered", metadata: metadata)
  }

  /// A request has waited for its answer as long as its connection might stand still otherwise.
  func log(unanswered request: ServiceRequest) {
    let route = request.route?.name ?? "other"
    logger.warning(
      "not answered yet",
      metadata: ["method": "\(request.method)", "path": "\(request.shownPath)", "route": "\(route)"])
  }
}
