public import AblyTokens
internal import Logging
internal import Synchronization

#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// Credentials of a client: signing token requests and obtaining tokens (RSA).
///
/// Parameters that are not given, `nil`, stand for what the client was made with. What is given replaces that
/// as a whole, an empty value included.
public final class Auth: Sendable {
  private let state: Mutex<AuthState>
  private let service: any TokenService
  private let clock: ServerClock
  private let signers = SignerCache()
  private let renewal = SharedWork<Secret>()
  private let logger: Logger

  /// - Throws: 40106 and 40102, as ``RESTClient/init(options:transport:)`` says.
  package init(
    _ options: ClientOptions, service: any TokenService, now: @escaping @Sendable () -> Date
  ) throws(ErrorInfo) {
    let state = try AuthState(options)
    self.state = Mutex(state)
    self.service = service
    clock = ServerClock(service: service, now: now)
    logger = options.logger
    if state.token != nil, state.options.key == nil { logger.mentionThatNothingRenews() }
  }

  /// The identity of this client (RSA7b, RSA12): that of its options, else that of its token. `nil` is none
  /// or not yet known, `*` means that it may take any.
  public var clientId: String? { state.withLock { $0.clientId } }

  /// The token in use (RSA16). `nil` before there is one, and under Basic authentication.
  public var tokenDetails: TokenDetails? { state.withLock { $0.token } }

  /// Signs a token request (RSA9), for somebody who must not see the key to exchange for a token.
  ///
  /// A ttl, a capability and a client id that are not given are absent (RSA5, RSA6); a nonce and a timestamp
  /// that are not given are made (RSA9c, RSA9d).
  ///
  /// - Parameters:
  ///   - params: what to ask for, instead of ``ClientOptions/defaultTokenParams`` and the client's own id.
  ///   - options: the key and the clock, instead of the client's.
  /// - Throws: 40101 when there is no key; 40003, 40012 and 40000 for parameters that cannot be signed; with
  ///   `queryTime`, what ``RESTClient/time()`` throws.
  public func createTokenRequest(
    _ params: TokenParams? = nil, options: AuthOptions? = nil
  ) async throws(ErrorInfo) -> TokenRequest {
    let (params, options) = state.withLock { $0.wish(params, options) }
    guard let key = options.key else {
      throw ErrorInfo(
        .invalidCredentials, "there is no key to sign the token request with",
        remedy: "Set the key in the options of the client, and in AuthOptions where you give some to a call.")
    }
    return try await sign(params, with: key, queryTime: options.queryTime)
  }

  /// Obtains a token (RSA8). The client goes on with the credentials it has.
  ///
  /// - Parameters:
  ///   - params: what to ask for, instead of ``ClientOptions/defaultTokenParams`` and the client's own id.
  ///   - options: how to obtain it, instead of the client's.
  /// - Throws: 40171 when the options hold no means to obtain a token; what ``createTokenRequest(_:options:)``
  ///   throws; the service's refusal; 50003 when it does not answer in time, 80000 when it cannot be reached.
  public func requestToken(
    _ params: TokenParams? = nil, options: AuthOptions? = nil
  ) async throws(ErrorInfo) -> TokenDetails {
    let (params, options) = state.withLock { $0.wish(params, options) }
    guard let key = options.key else {
      throw ErrorInfo(
        .noMeansToRenew, "the options hold no means to obtain a token",
        remedy: "Set the key in the options of the client, and in AuthOptions where you give some to a call.")
    }
    return try await service.exchange(sign(params, with: key, queryTime: options.queryTime))
  }

  /// The value of the `Authorization` header field of a request. Under token authentication it obtains a
  /// token where there is none yet, once, however many ask.
  package func authorization() async throws(ErrorInfo) -> Secret {
    if let authorization = state.withLock({ $0.authorization }) { return authorization }
    return try await renewal.value { () async throws(ErrorInfo) -> Secret in
      // Another caller's may have come between the look above and this turn.
      if let authorization = state.withLock({ $0.authorization }) { return authorization }
      let token = try await requestToken()
      return try state.withLock { (state) throws(ErrorInfo) -> Secret in try state.use(token) }
    }
  }

  private func sign(
    _ params: TokenParams, with key: APIKey, queryTime: Bool
  ) async throws(ErrorInfo) -> TokenRequest {
    let signer = signers.signer(for: key)
    if let timestamp = params.timestamp { return try signer.sign(params, at: timestamp) }
    return try signer.sign(params, at: await clock.now(asking: queryTime))
  }
}

extension Logger {
  /// Says once, early, what will otherwise show when the token ends (RSA4a1, TI5).
  fileprivate func mentionThatNothingRenews() {
    info("\(ErrorInfo(.noMeansToRenew, "the client has a token and no means to obtain another"))")
  }
}
