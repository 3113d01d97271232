internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import Logging
internal import Synchronization

/// Sends requests to the service and reads its answers.
final class RequestSender: Sendable {
  let endpoint: Endpoint
  let transport: any HTTPTransport
  let timeout: Duration
  let logger: Logger
  /// How bodies are written, and answers are wanted.
  let format: WireFormat
  private let fields: HTTPFields
  private let addsRequestIds: Bool
  private let clock: HostClock
  private let hosts: Locked<HostChoice>
  private let maxRetryCount: Int
  private let maxRetryDuration: Duration

  /// - Throws: as ``Endpoint/init(_:)``.
  init(_ options: ClientOptions, transport: any HTTPTransport, clock: HostClock) throws(ErrorInfo) {
    endpoint = try Endpoint(options)
    self.transport = transport
    self.clock = clock
    format = WireFormat(options)
    fields = HTTPFields(ably: options)
    addsRequestIds = options.addRequestIds
    timeout = options.httpRequestTimeout
    logger = options.logger
    hosts = Locked(HostChoice(endpoint, retryTimeout: options.fallbackRetryTimeout))
    maxRetryCount = max(0, options.httpMaxRetryCount)
    maxRetryDuration = options.httpMaxRetryDuration
  }

  /// Requests go first where a connection stands, as long as it does (RTN17e).
  func prefer(_ origin: Origin?) { hosts.withLock { $0.connected = origin } }

  /// Sends one request without credentials.
  ///
  /// - Throws: the service's refusal, or why there is no answer that can be read.
  func send(_ call: RESTCall) async throws(ErrorInfo) -> RESTAnswer {
    let call = identified(call)
    return try read(await reply(to: call, authorization: nil), to: call)
  }

  /// A call with the id that stands for it in errors and logs, where calls have one (RSC7c). The same however
  /// often it is sent.
  func identified(_ call: RESTCall) -> RESTCall {
    guard addsRequestIds, call.id == nil else { return call }
    var call = call
    let id = RandomText.next()
    call.id = id
    call.target.query = (call.target.query.map { "\($0)&" } ?? "") + "request_id=\(id)"
    return call
  }

  /// Reads an answer; throws as ``RESTAnswer/init(_:to:format:)``.
  func read(_ reply: HTTPReply, to call: RESTCall) throws(ErrorInfo) -> RESTAnswer {
    do throws(ErrorInfo) {
      return try RESTAnswer(reply, to: call, format: format)
    } catch {
      throw error.of(call)
    }
  }

  /// Sends one request.
  ///
  /// - Returns: the answer, whatever its status.
  /// - Throws: why there is none.
  func reply(to call: RESTCall, authorization: Secret?) async throws(ErrorInfo) -> HTTPReply {
    do throws(ErrorInfo) {
      return try await exchange(call, authorization)
    } catch {
      logger.debug("the request failed", metadata: call.place("error", error))
      throw error.of(call)
    }
  }

  /// Sends a request to one host after the other until one can serve it (RSC15). Where none can, what became of it
  /// at the first, which is the host that was asked for, is the outcome.
  private func exchange(_ call: RESTCall, _ authorization: Secret?) async throws(ErrorInfo) -> HTTPReply {
    let start = clock.uptime()
    let limits = HTTPLimits(timeout: timeout, maximumBodySize: call.maximumAnswer)
    var origin = hosts.withLock { $0.first(at: start) }
    var alternatives: ArraySlice<Origin>?
    var first: Result<HTTPReply, ErrorInfo>?
    var failures = 0
    while true {
      let result = await attempt(call, authorization, at: origin, limits)
      guard result.needsAnotherHost else {
        if alternatives != nil, case .success = result {
          hosts.withLock { $0.answered(origin, at: clock.uptime()) }
        }
        return try result.mapError { ErrorInfo($0, from: origin, limits: limits) }.get()
      }
      let outcome = first ?? result.mapError { ErrorInfo($0, from: origin, limits: limits) }
      first = outcome
      if alternatives != nil { failures += 1 }
      hosts.withLock { $0.failed(origin) }
      var rest = alternatives ?? hosts.withLock { $0.alternatives(to: origin) }.prefix(maxRetryCount)
      guard let next = rest.popFirst(), clock.uptime() - start < maxRetryDuration else {
        return try outcome.mapError { $0.noted(others: failures) }.get()
      }
      logger.debug("the host cannot serve, trying another", metadata: call.place(at: origin))
      alternatives = rest
      origin = next
    }
  }

  private func attempt(
    _ call: RESTCall, _ authorization: Secret?, at origin: Origin, _ limits: HTTPLimits
  ) async -> Result<HTTPReply, HTTPFailure> {
    var request = HTTPRequest(
      method: call.method, scheme: origin.scheme, authority: origin.authority, path: call.target.text,
      headerFields: fields)
    if !call.body.isEmpty { request.headerFields[.contentType] = call.bodyFormat.mediaType }
    for field in call.fields { request.headerFields[field.name] = field.value }
    if let authorization { request.headerFields[.authorization] = authorization.text }
    logger.debug("sending an HTTP request", metadata: call.place(at: origin))
    do throws(HTTPFailure) {
      let reply = try await transport.send(request, body: call.body, limits: limits)
      logger.debug("answered", metadata: call.place(at: origin, reply.response.status.code))
      return .success(reply)
    } catch {
      return .failure(error)
    }
  }
}

extension Result<HTTPReply, HTTPFailure> {
  /// Whether another host may do better (RSC15l).
  fileprivate var needsAnotherHost: Bool {
    switch self {
    case .success(let reply):
      let status = reply.response.status.code
      return HTTPFailure.isOfHost(status: status)
        || status >= 400 && reply.response.headerFields[.server] == "CloudFront"
    case .failure(let failure): return failure.reason.isOfHost
    }
  }
}

extension RESTCall {
  /// What the log says about it.
  fileprivate var place: Logger.Metadata {
    var place: Logger.Metadata = ["method": "\(method)", "path": "\(target.path)"]
    if let id { place["request_id"] = "\(id)" }
    return place
  }

  fileprivate func place(_ name: String, _ value: some CustomStringConvertible) -> Logger.Metadata {
    place.merging([name: "\(value)"]) { $1 }
  }

  /// The same at one host (TO3c2).
  fileprivate func place(at origin: Origin, _ status: Int? = nil) -> Logger.Metadata {
    var place = place("host", origin.authority)
    if let status { place["status"] = "\(status)" }
    return place
  }
}

extension ErrorInfo {
  /// The error of the host that was asked for; that others were tried in vain stands behind it.
  fileprivate func noted(others count: Int) -> ErrorInfo {
    guard count > 0 else { return self }
    var error = self
    error.message += "; \(count == 1 ? "another host" : "\(count) other hosts") could not serve it either"
    return error
  }

  /// The error with the id of the call that it befell (RSC7c).
  fileprivate func of(_ call: RESTCall) -> ErrorInfo {
    guard let id = call.id else { return self }
    var error = self
    error.requestId = id
    return error
  }
}
