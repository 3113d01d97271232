internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Auth {
  /// Obtains a token as a wish says. Nothing of the client changes.
  func obtain(_ wish: TokenWish) async throws(ErrorInfo) -> TokenDetails {
    let options = wish.options
    if let callback = options.authCallback {
      return try await telemetry.span(of: "authCallback") { () async throws(ErrorInfo) in
        try await obtain(from: callback, wish)
      }
    }
    if let address = options.authURL {
      return try await telemetry.span(of: "authURL") { () async throws(ErrorInfo) in
        try await obtain(from: address, wish)
      }
    }
    guard let key = options.key else { throw .noMeansToRenew(cause: nil) }
    return try await telemetry.span(of: "key") { () async throws(ErrorInfo) in
      try await service.exchange(sign(wish, with: key))
    }
  }

  /// Signs a request as a wish says.
  func sign(_ wish: TokenWish, with key: APIKey) async throws(ErrorInfo) -> TokenRequest {
    let signer = signers.signer(for: key)
    if let timestamp = wish.params.timestamp { return try signer.sign(wish.params, at: timestamp) }
    return try signer.sign(wish.params, at: await clock.now(asking: wish.options.queryTime))
  }

  private func obtain(
    from callback: @escaping AuthCallback, _ wish: TokenWish
  ) async throws(ErrorInfo) -> TokenDetails {
    let answer: AuthAnswer
    do {
      answer = try await limit.run { try await callback(wish.params) }
    } catch {
      throw failure(of: "authCallback", error)
    }
    return try await token(of: answer, from: "authCallback")
  }

  private func obtain(from address: String, _ wish: TokenWish) async throws(ErrorInfo) -> TokenDetails {
    let call = try AuthURLCall(address, params: wish.params, options: wish.options)
    let answer: AuthAnswer
    do {
      answer = try await limit.run { [service] in try await service.ask(call) }
    } catch {
      throw failure(of: "authURL", error)
    }
    return try await token(of: answer, from: "authURL")
  }

  private func failure(of source: String, _ error: any Error) -> ErrorInfo {
    switch error {
    case is TimeLimit.Reached: ErrorInfo(tokenSource: source, exceeds: limit.duration)
    case _ where Task.isCancelled: .cancelled
    default: ErrorInfo(thrownByCallback: error)
    }
  }

  private func token(of answer: AuthAnswer, from source: String) async throws(ErrorInfo) -> TokenDetails {
    let usable: AuthAnswer.Usable
    do throws(AuthAnswer.Unusable) {
      usable = try answer.usable()
    } catch {
      throw ErrorInfo(unusable: error, from: source)
    }
    switch usable {
    case .token(let details): return details
    case .request(let request):
      do throws(ErrorInfo) {
        return try await service.exchange(request)
      } catch {
        // Without a status nobody answered: that is not Ably's error (RSA4e).
        throw error.statusCode == 0 ? ErrorInfo(tokenSource: source, error) : error
      }
    }
  }
}
