internal import AblyTokens

extension ServiceCore {
  /// `GET /time`: the service's time, for whoever asks (RSC16).
  func time() -> ServiceResponse {
    ServiceResponse(200, [.number(JSONNumber(now))])
  }
}
