internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// The answer to a request that nothing has to be waited for; `nil` for any other, of which nothing has been done
  /// yet: ``respondLater(to:)`` answers that.
  func respondAtOnce(to request: ServiceRequest) -> ServiceResponse? {
    guard !store.isShared, !administration.isWatching, CrossOrigin.preflight(request) == nil else {
      return nil
    }
    var response: ServiceResponse
    if let page = pages.withLock(\.self)?(request) {
      response = page
    } else {
      guard let answer = answerAtOnce(request) else { return nil }
      response = answer
    }
    finish(request, &response)
    return response
  }

  private func answerAtOnce(_ request: ServiceRequest) -> ServiceResponse? {
    do throws(ErrorInfo) {
      let route = try Route(path: request.path)
      guard route.methods.contains(request.verb) else { return Self.refuseMethod(of: route) }
      switch route {
      case .time: return time()
      case .health: return health()
      case .ready: return ready()
      case .metrics: return figures()
      case .stats: return try statistics(request)
      case .requestToken(let keyName): return try requestTokenAtOnce(request, keyName: keyName)
      case .revokeTokens, .apps, .app, .channel, .presence, .messages: return nil
      }
    } catch {
      return ServiceResponse(refusing: error)
    }
  }
}
