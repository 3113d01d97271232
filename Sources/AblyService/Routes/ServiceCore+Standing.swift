internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// `GET /health`: whether the service answers, for whoever asks.
  func health() -> ServiceResponse {
    ServiceResponse(200, ["status": "ok"])
  }

  /// `GET /ready`: whether it takes on new work, for whoever asks; and otherwise whether it is being stopped, or its
  /// store cannot be used.
  func ready() -> ServiceResponse {
    if isReady { return ServiceResponse(200, ["status": "ready"]) }
    let isStopping = !readiness.withLock(\.self)
    var response = ServiceResponse(
      503, ["status": isStopping ? "stopping" : "unavailable"], headers: [ServiceResponse.retryHint])
    response.isExpected = true
    return response
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
