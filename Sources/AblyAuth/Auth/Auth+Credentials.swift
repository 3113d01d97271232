package import AblyTokens
internal import Logging
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Auth {
  /// What authenticates a request. Under token authentication it obtains a token where there is none, and
  /// renews one that has ended, as far as that is known (RSA4b1); once, however many ask.
  func credentials() async throws(ErrorInfo) -> Credentials {
    guard let ready = ready.value else { return try await obtained().credentials }
    guard let end = ready.renewableUntil, let now = clock.known, end <= now else { return ready.credentials }
    return try await credentials(
      insteadOf: ready.credentials, because: ErrorInfo(.tokenExpired, "the token has expired"))
  }

  /// Credentials instead of a token that was refused: those that are in use by now, or of a new token.
  ///
  /// - Throws: 40171 when there is no means to obtain one (RSA4a2).
  func credentials(insteadOf refused: Credentials, because error: ErrorInfo) async throws(ErrorInfo)
    -> Credentials
  {
    let canRenew = change { inner in
      inner.state.refuse(refused)
      return inner.state.credentials != nil || inner.state.stored.options.canObtainTokens
    }
    guard canRenew else { throw .noMeansToRenew(cause: error) }
    return try await obtained().credentials
  }

  /// A token that was refused right after it was obtained is not used again (RSA16d).
  func forget(_ refused: Credentials) {
    change { $0.state.refuse(refused) }
  }

  /// The token in use; a new one where there is none.
  func obtained() async throws(ErrorInfo) -> (credentials: Credentials, token: TokenDetails) {
    var wasSuperseded = false
    while true {
      let (outcome, generation, renewal) = inner.withLock { inner in
        (wasSuperseded ? inner.state.outcome : nil, inner.state.generation, inner.renewal)
      }
      if let outcome { return try outcome.get() }
      let obtained = try await renewal.value { [self] () async throws(ErrorInfo) -> Obtained in
        try await renew(generation)
      }
      if case .inUse(let credentials, let token) = obtained { return (credentials, token) }
      wasSuperseded = true
    }
  }

  private func renew(_ generation: Int) async throws(ErrorInfo) -> Obtained {
    let wish: TokenWish
    switch turn(of: generation) {
    case .inUse(let credentials, let token): return .inUse(credentials, token)
    case .superseded: return .superseded
    case .obtain(let turn): wish = turn
    }
    do throws(ErrorInfo) {
      let token = try await telemetry.renewal { () async throws(ErrorInfo) in try await obtain(wish) }
      let credentials = try change { (inner) throws(ErrorInfo) -> Credentials? in
        let credentials = try inner.state.obtained(token, for: generation)
        if credentials != nil { hub.send(.renewed(expires: token.expires)) }
        return credentials
      }
      guard let credentials else { return .superseded }
      connection?.renewed(credentials)
      return .inUse(credentials, token)
    } catch {
      guard ended(generation, by: error) else { return .superseded }
      throw error
    }
  }

  // Events are sent under the lock, so that they are told in the order in which they happened.
  private func turn(of generation: Int) -> AuthState.Turn {
    inner.withLock { inner in
      let turn = inner.state.turn(of: generation)
      if case .obtain = turn { hub.send(.renewing) }
      return turn
    }
  }

  /// - Returns: whether that matters: `false` when a later generation began.
  private func ended(_ generation: Int, by error: ErrorInfo) -> Bool {
    let willRetry = connection?.retries(after: error) ?? false
    // Cancelled is what nobody waits for.
    let isAbandoned = Task.isCancelled
    return inner.withLock { inner in
      guard !isAbandoned else { return inner.state.generation == generation }
      let counts = inner.state.failed(error, for: generation)
      if counts { hub.send(.failed(error, willRetry: willRetry)) }
      return counts
    }
  }

  /// Says once, early, what will otherwise show when the token ends (RSA4a1, TI5).
  func mentionIfNothingRenews(_ options: AuthOptions) {
    guard !options.canObtainTokens else { return }
    logger.info("\(ErrorInfo.noMeansToRenew(cause: nil))")
  }
}

extension ErrorInfo {
  /// There is no way to obtain a token (RSA4a).
  package static func noMeansToRenew(cause: ErrorInfo?) -> ErrorInfo {
    ErrorInfo(
      .noMeansToRenew,
      cause == nil
        ? "there is no means to obtain a token"
        : "the token was refused, and there is no means to obtain another",
      remedy: "Set authCallback, authURL or key in the options of the client, and in AuthOptions where you "
        + "give some to a call.", cause: cause)
  }
}
