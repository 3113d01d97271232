internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// When a request is answered.
  enum Answering {
    case now(ServiceResponse)
    /// Once the store has called back.
    case soon
    /// By ``respondLater(to:)``: nothing has been done yet.
    case later
  }

  /// Answers a request without a task, where that is possible.
  ///
  /// - Parameter soon: takes the answer that comes ``Answering/soon``, on any thread, which it must not hold up.
  func respondAtOnce(
    to request: ServiceRequest, soon: @escaping @Sendable (ServiceResponse) -> Void
  ) -> Answering {
    guard !store.isShared, !administration.isWatching, CrossOrigin.preflight(request) == nil else {
      return .later
    }
    let answering = pages.withLock(\.self)?(request).map(Answering.now) ?? answerAtOnce(request, soon)
    guard case .now(var response) = answering else { return answering }
    finish(request, &response)
    return .now(response)
  }

  private func answerAtOnce(
    _ request: ServiceRequest, _ soon: @escaping @Sendable (ServiceResponse) -> Void
  ) -> Answering {
    do throws(ErrorInfo) {
      let route = try request.destination()
      guard route.methods.contains(request.verb) else { return .now(Self.refuseMethod(of: route)) }
      switch route {
      case .time: return .now(time())
      case .health: return .now(health())
      case .ready: return .now(ready())
      case .metrics: return .now(figures())
      case .stats: return .now(try statistics(request))
      case .requestToken(let keyName): return try requestTokenAtOnce(request, keyName: keyName, soon)
      case .revokeTokens, .apps, .app, .channel, .presence, .messages: return .later
      }
    } catch {
      return .now(ServiceResponse(refusing: error))
    }
  }
}
