public import AblyTokens
internal import Logging
internal import Synchronization

/// Credentials of a client: signing token requests, obtaining tokens and renewing them (RSA).
///
/// Parameters and options that are not given, `nil`, stand for what the client was made with, or was last
/// given by ``authorize(_:options:)``. What is given replaces that as a whole, an empty value included: a
/// default that survived in part would be a token for more, or for somebody else, than the call says.
public final class Auth: Sendable {
  let inner: Locked<Inner>
  /// What requests read of the state; `nil` while a token has yet to be obtained.
  let ready: ManyReaders<ReadyCredentials?>
  let service: any TokenService
  let clock: ServerClock
  let signers = SignerCache()
  let limit: TimeLimit
  let hub = EventHub<AuthEvent>()
  let telemetry: AuthTelemetry
  let logger: Logger

  /// What one lock guards: the state, and the work on a token for its present generation.
  struct Inner: Sendable {
    var state: AuthState
    var renewal = SharedWork<Obtained>()
    weak var connection: (any LiveConnection)?
  }

  /// What became of the work on a token.
  enum Obtained: Sendable {
    case inUse(Credentials, TokenDetails)
    /// `authorize` was called meanwhile: its token is the one that counts.
    case superseded
  }

  /// - Throws: 40106 and 40102, as ``RESTClient/init(options:transport:)`` says.
  package init(
    _ options: ClientOptions, service: any TokenService, clock: HostClock, telemetry: AuthTelemetry
  ) throws(ErrorInfo) {
    let state = try AuthState(options)
    inner = Locked(Inner(state: state))
    ready = ManyReaders { ReadyCredentials(state) }
    self.service = service
    self.clock = ServerClock(service: service, clock: clock)
    limit = TimeLimit(duration: options.realtimeRequestTimeout, sleep: clock.sleep)
    logger = options.logger
    self.telemetry = telemetry
    if state.token != nil { mentionIfNothingRenews(options.auth) }
  }

  deinit { hub.finish() }

  /// Changes the state, and shows requests what became of it before anybody else can change it.
  func change<Result: Sendable, Failure: Error>(
    _ body: (inout Inner) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try inner.withLock { (inner) throws(Failure) -> Result in
      let before = inner.state.mark
      defer {
        if inner.state.mark != before { ready.set { ReadyCredentials(inner.state) } }
      }
      return try body(&inner)
    }
  }

  /// The identity of this client (RSA7b, RSA12): that of its options, else that of its token. `nil` is none
  /// or not yet known, `*` means that it may take any.
  public var clientId: String? { inner.withLock { $0.state.clientId } }

  /// The token in use (RSA16). `nil` before there is one, after one was refused, and under Basic
  /// authentication.
  public var tokenDetails: TokenDetails? { inner.withLock { $0.state.token } }

  /// What happens to the client's tokens from now on, for an app that shows that it is signing in again.
  ///
  /// Each sequence has all events from the moment it was asked for. Whoever does not read keeps the latest
  /// 64. It ends with the client.
  public var events: AuthEvents { AuthEvents(hub.subscribe()) }

  /// Signs a token request (RSA9), for somebody who must not see the key to exchange for a token.
  ///
  /// A ttl, a capability and a client id that are not given are absent (RSA5, RSA6); a nonce and a timestamp
  /// that are not given are made (RSA9c, RSA9d).
  ///
  /// - Parameters:
  ///   - params: what to ask for, instead of what is stored.
  ///   - options: the key and the clock, instead of those that are stored.
  /// - Throws: 40101 when there is no key; 40003, 40012 and 40000 for parameters that cannot be signed; with
  ///   `queryTime`, what ``RESTClient/time()`` throws.
  public func createTokenRequest(
    _ params: TokenParams? = nil, options: AuthOptions? = nil
  ) async throws(ErrorInfo) -> TokenRequest {
    let wish = inner.withLock { $0.state.wish(params, options) }
    guard let key = wish.options.key else {
      throw ErrorInfo(
        .invalidCredentials, "there is no key to sign the token request with",
        remedy: "Set the key in the options of the client, and in AuthOptions where you give some to a call.")
    }
    return try await sign(wish, with: key)
  }

  /// Obtains a token (RSA8). The client goes on with the credentials it has.
  ///
  /// - Parameters:
  ///   - params: what to ask for, instead of what is stored.
  ///   - options: how to obtain it, instead of what is stored. A token in it is ignored.
  /// - Throws: 40171 when the options hold no means to obtain a token; 40003 when they can never work; what
  ///   ``createTokenRequest(_:options:)`` throws; the service's refusal; an `ErrorInfo` that the callback
  ///   throws; 40170 when the callback or the auth server fails otherwise, with status 403 where the latter
  ///   answered so (RSA4e); under a key alone, 50003 when the service does not answer in time and 80000 when
  ///   it cannot be reached; 40033 when the task is cancelled.
  public func requestToken(
    _ params: TokenParams? = nil, options: AuthOptions? = nil
  ) async throws(ErrorInfo) -> TokenDetails {
    try options?.check()
    return try await obtain(inner.withLock { $0.state.wish(params, options) })
  }

  /// Obtains a new token now, whatever token there is, and uses tokens from then on (RSA10).
  ///
  /// The old token is dropped at once. What is given replaces what is stored, as a whole, also for later
  /// renewals (RSA10j), but for a timestamp, a nonce and `queryTime`, which count once (RSA10g). A token in
  /// the options is used as it is, and the other ways in them when it ends (RSA10e). A client id that the
  /// parameters lack is that of ``clientId`` (RSA10h).
  ///
  /// Of calls at one time the latest counts: those it overtakes complete with its result.
  ///
  /// On a realtime client the connection changes to the token, without an interruption where there is one,
  /// and is made where there is none; the call ends when it has (RTC8).
  ///
  /// - Returns: the token that is now in use.
  /// - Throws: as ``requestToken(_:options:)``; 40102 when the token belongs to another identity than
  ///   ``ClientOptions/clientId`` (RSA15); on a realtime client, why the connection does not use the token. What was given
  ///   stays stored, and the next request tries again.
  @discardableResult
  public func authorize(
    _ params: TokenParams? = nil, options: AuthOptions? = nil
  ) async throws(ErrorInfo) -> TokenDetails {
    try options?.check()
    let connection = connection
    let call = connection?.authorizationBegan() ?? 0
    let outcome: (credentials: Credentials, token: TokenDetails)
    do throws(ErrorInfo) {
      outcome = try await authorized(params, options)
    } catch {
      connection?.authorizationFailed(error, of: call)
      throw error
    }
    try await connection?.adopt(outcome.credentials, of: call)
    return outcome.token
  }

  private func authorized(
    _ params: TokenParams?, _ options: AuthOptions?
  ) async throws(ErrorInfo) -> (credentials: Credentials, token: TokenDetails) {
    let (given, overtaken) = change { inner in
      // Whoever hears of it, or reads another copy, is not to go on with the old token: without one it waits here.
      ready.set { nil }
      let overtaken = inner.renewal
      inner.renewal = SharedWork()
      let given: Result<TokenDetails?, ErrorInfo>
      do throws(ErrorInfo) {
        given = .success(try inner.state.authorize(params, options))
      } catch {
        given = .failure(error)
      }
      switch given {
      case .success(nil): break
      case .success(let token?): hub.send(.renewed(expires: token.expires))
      case .failure(let error): hub.send(.failed(error, willRetry: false))
      }
      return (given, overtaken)
    }
    overtaken.end(with: .superseded)
    if try given.get() != nil, let options { mentionIfNothingRenews(options) }
    return try await obtained()
  }
}
