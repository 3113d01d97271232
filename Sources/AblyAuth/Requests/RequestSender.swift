internal import AblyTokens
internal import HTTPTypes
internal import Logging
internal import Synchronization

/// Sends requests to the service and reads its answers.
final class RequestSender: Sendable {
  let endpoint: Endpoint
  let transport: any HTTPTransport
  let timeout: Duration
  let logger: Logger
  private let fields: HTTPFields
  private let clock: HostClock
  private let hosts: Mutex<HostChoice>
  private let maxRetryCount: Int
  private let maxRetryDuration: Duration

  /// - Throws: as ``Endpoint/init(_:)``.
  init(_ options: ClientOptions, transport: any HTTPTransport, clock: HostClock) throws(ErrorInfo) {
    endpoint = try Endpoint(options)
    self.transport = transport
    self.clock = clock
    fields = HTTPFields(ably: options)
    timeout = options.httpRequestTimeout
    logger = options.logger
    hosts = Mutex(HostChoice(endpoint, retryTimeout: options.fallbackRetryTimeout))
    maxRetryCount = options.httpMaxRetryCount
    maxRetryDuration = options.httpMaxRetryDuration
  }

  /// Sends one request.
  ///
  /// - Throws: the service's refusal, or why there is no answer that can be read.
  func send(_ call: RESTCall, authorization: Secret? = nil) async throws(ErrorInfo) -> RESTAnswer {
    let place: Logger.Metadata = ["method": "\(call.method)", "path": "\(call.target.path)"]
    logger.debug("sending a request", metadata: place)
    do throws(ErrorInfo) {
      let reply = try await exchange(call, authorization, place)
      let answer = try RESTAnswer(reply, to: call)
      logger.debug("answered", metadata: place.merging(["status": "\(answer.status)"]) { $1 })
      return answer
    } catch {
      logger.debug("the request failed", metadata: place.merging(["error": "\(error)"]) { $1 })
      throw error
    }
  }

  /// Sends a request to one host after the other until one can serve it (RSC15).
  private func exchange(
    _ call: RESTCall, _ authorization: Secret?, _ place: Logger.Metadata
  ) async throws(ErrorInfo) -> HTTPReply {
    let start = clock.uptime()
    let route = hosts.withLock { $0.route(at: start) }.prefix(1 + max(0, maxRetryCount))
    let limits = HTTPLimits(timeout: timeout, maximumBodySize: call.maximumAnswer)
    for (index, origin) in route.enumerated() {
      let result = await attempt(call, authorization, at: origin, limits)
      let isServed = !result.needsAnotherHost
      let now = clock.uptime()
      hosts.withLock { hosts in
        if !isServed { hosts.failed(origin) } else if result.isAnswer { hosts.answered(origin, at: now) }
      }
      guard !isServed, index < route.count - 1, now - start < maxRetryDuration else {
        return try result.mapError { ErrorInfo($0, from: origin, limits: limits) }.get()
      }
      logger.debug(
        "the host cannot serve, trying another",
        metadata: place.merging(["host": "\(origin.authority)"]) { $1 })
    }
    throw ErrorInfo(.internalError, "there was no host to send the request to", statusCode: 0)
  }

  private func attempt(
    _ call: RESTCall, _ authorization: Secret?, at origin: Origin, _ limits: HTTPLimits
  ) async -> Result<HTTPReply, HTTPFailure> {
    var request = HTTPRequest(
      method: call.method, scheme: origin.scheme, authority: origin.authority, path: call.target.text,
      headerFields: fields)
    if !call.body.isEmpty { request.headerFields[.contentType] = MediaType.json }
    if let authorization { request.headerFields[.authorization] = authorization.text }
    do throws(HTTPFailure) {
      return .success(try await transport.send(request, body: call.body, limits: limits))
    } catch {
      return .failure(error)
    }
  }
}

extension Result<HTTPReply, HTTPFailure> {
  fileprivate var isAnswer: Bool {
    if case .success = self { true } else { false }
  }

  /// Whether another host may do better (RSC15l).
  fileprivate var needsAnotherHost: Bool {
    switch self {
    case .success(let reply):
      let status = reply.response.status.code
      return (500...504).contains(status)
        || status >= 400 && reply.response.headerFields[.server] == "CloudFront"
    case .failure(let failure):
      switch failure.reason {
      case .unresolved, .refused, .unreachable, .timedOut, .broken: return true
      case .tls, .malformed, .tooLarge, .cancelled, .invalidRequest: return false
      }
    }
  }
}
