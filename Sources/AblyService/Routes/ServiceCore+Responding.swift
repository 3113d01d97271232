internal import AblyTokens

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
    metrics.answered(response, on: request.route)
  }
}
