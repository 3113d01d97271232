internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// Answers a request. Whatever is in it, there is an answer, and it is counted.
  ///
  /// Asynchronous, because a store that is shared or kept on disk has to be waited for.
  package func respond(to request: ServiceRequest) async -> ServiceResponse {
    let response =
      if let error = ended.refusal(of: request) {
        ServiceResponse(refusing: error)
      } else {
        await decide(request)
      }
    metrics.answered(response, on: Route.name(of: request.path))
    return response
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

  /// Makes a token expire now, whatever its time.
  package func expire(_ token: String) { ended.add(token) }

  /// Whether it takes on new work, and has heard what other nodes revoked.
  package var isReady: Bool {
    readiness.withLock(\.self) && revocations.withLock(\.isComplete)
  }

  /// Says from now on whether it takes on new work. What is asked all the same is answered.
  package func setReady(_ isReady: Bool) {
    readiness.withLock { $0 = isReady }
  }
}
