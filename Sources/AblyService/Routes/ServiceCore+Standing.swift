internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// Answers a request. Whatever is in it, there is an answer, and it is counted.
  ///
  /// Asynchronous, because a store that is shared or kept on disk has to be waited for.
  package func respond(to request: ServiceRequest) async -> ServiceResponse {
    let response = await withCheckedContinuation {
      (continuation: CheckedContinuation<ServiceResponse?, Never>) in
      switch respondAtOnce(to: request, soon: { continuation.resume(returning: $0) }) {
      case .now(let response): continuation.resume(returning: response)
      case .soon: break
      case .later: continuation.resume(returning: nil)
      }
    }
    if let response { return response }
    return await respondLater(to: request)
  }

  /// The same, where ``respondAtOnce(to:soon:)`` had no answer.
  func respondLater(to request: ServiceRequest) async -> ServiceResponse {
    var response: ServiceResponse
    if let preflight = CrossOrigin.preflight(request) {
      response = preflight
    } else {
      response = await decide(request)
    }
    finish(request, &response)
    return response
  }

  /// What is done about every answer.
  func finish(_ request: ServiceRequest, _ response: inout ServiceResponse) {
    CrossOrigin.allow(request, in: &response)
    metrics.answered(response, on: Route.name(of: request.path))
  }

  /// `GET /health`: whether the service answers, for whoever asks.
  func health() -> ServiceResponse {
    ServiceResponse(200, ["status": "ok"])
  }

  /// `GET /ready`: whether it takes on new work, for whoever asks.
  func ready() -> ServiceResponse {
    isReady
      ? ServiceResponse(200, ["status": "ready"]) : ServiceResponse(503, ["status": "stopping"])
  }

  /// `GET /metrics`: its figures, for whoever asks. They name nobody.
  func figures() -> ServiceResponse {
    var response = ServiceResponse(200, .null)
    response.text = (metrics.text, ServiceMetrics.mediaType)
    return response
  }

  /// Lets `pages` answer requests of its own choice, before anything else looks at them.
  package func serve(_ pages: @escaping @Sendable (ServiceRequest) -> ServiceResponse?) {
    self.pages.withLock { $0 = pages }
  }

  /// Makes a token expire now, whatever its time: it is refused with 40142, and who is connected with it is
  /// disconnected.
  package func expire(_ token: String) { end(TokenMark(Secret(token)), .expired) }

  /// Makes a token count as revoked, whatever its key: it is refused with 40141, and who is connected with it is
  /// disconnected.
  package func revoke(token: String) { end(TokenMark(Secret(token)), .revoked) }

  func end(_ mark: TokenMark, _ reason: EndedTokens.Reason) {
    ended.add(mark, reason)
    realtime.perform { $0.end(mark, reason.refusal, now: now) }
  }

  /// Whether it takes on new work, has heard what other nodes revoked, and can store anything.
  package var isReady: Bool {
    readiness.withLock(\.self) && revocations.withLock(\.isComplete) && store.isUsable
  }

  /// Says from now on whether it takes on new work. What is asked all the same is answered.
  package func setReady(_ isReady: Bool) {
    readiness.withLock { $0 = isReady }
  }
}
