internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What ``Auth`` knows, and what follows from it.
///
/// `authorize` begins a new generation. Whatever was under way for an earlier one no longer counts.
struct AuthState: Sendable {
  /// How requests are authenticated. Becomes `token` with `authorize`, and stays it (RSA10a).
  private(set) var scheme: AuthScheme

  /// The identity that the client was given, which a token must not contradict.
  let ownClientId: String?

  /// What a token is asked for, and how, where a call says nothing else.
  private(set) var stored: TokenWish

  /// The same for the next token alone, where `authorize` said so: all that it was given.
  private var once: TokenWish?

  /// Counts how often the stored wish was replaced, or a new token asked for.
  private(set) var generation = 0

  /// The token in use (RSA16a); none under Basic (RSA16d).
  private(set) var token: TokenDetails?

  /// What authenticates requests, written once per token; `nil` while a token has yet to be obtained.
  private(set) var credentials: Credentials?

  /// Why the latest attempt of this generation to obtain a token failed.
  private var failure: ErrorInfo?

  private var serial = 0

  /// Changes whenever something does that ``ReadyCredentials`` shows.
  var mark: Mark { Mark(generation: generation, serial: serial, isReady: credentials != nil) }

  struct Mark: Equatable {
    let generation: Int
    let serial: Int
    let isReady: Bool
  }

  /// - Throws: 40106 and 40102, as ``RESTClient/init(options:transport:)`` says.
  init(_ options: ClientOptions) throws(ErrorInfo) {
    scheme = try options.authScheme()
    ownClientId = options.clientId
    var params = options.defaultTokenParams ?? TokenParams()
    if let clientId = options.clientId { params.clientId = clientId }
    stored = TokenWish(params: params, options: options.auth).lasting
    switch scheme {
    case .basic: credentials = options.key.map(Credentials.init)
    case .token:
      if let token = options.auth.givenToken { try use(token) }
    }
  }

  /// The identity that the service stated on the connection (RSA7b3).
  var confirmedClientId: String?

  /// The identity of the client (RSA7b, RSA12): `*` when it may take any.
  var clientId: String? { ownClientId ?? confirmedClientId ?? token?.clientId }

  /// What to ask for, and how: what a call gives replaces what is stored, as a whole (RSA8e, RSA9h).
  func wish(_ params: TokenParams?, _ options: AuthOptions?) -> TokenWish {
    TokenWish(params: params ?? stored.params, options: options ?? stored.options)
  }

  // MARK: Events

  /// A new token is asked for (RSA10): what is given replaces what is stored, and the old token is dropped.
  ///
  /// - Returns: the token that was given along, which is used as it is (RSA10e).
  /// - Throws: 40102 when that belongs to another identity.
  mutating func authorize(_ params: TokenParams?, _ options: AuthOptions?) throws(ErrorInfo) -> TokenDetails?
  {
    var wish = wish(params, options)
    if wish.params.clientId == nil { wish.params.clientId = ownClientId }
    stored = wish.lasting
    if options != nil { stored.options.queryTime = false }
    // The identity of the token that is about to be dropped, this once (RSA10h).
    if wish.params.clientId == nil { wish.params.clientId = token?.clientId }
    let given = options?.givenToken
    scheme = .token
    generation += 1
    failure = nil
    drop()
    once = given == nil ? wish : nil
    do throws(ErrorInfo) {
      if let given { try use(given) }
    } catch {
      // Whoever is overtaken takes this for the outcome.
      failure = error
      throw error
    }
    return given
  }

  /// The token that these credentials hold was refused, or has ended (RSA16d). Another is in use perhaps, and stays so.
  mutating func refuse(_ refused: Credentials) {
    if refused.serial == credentials?.serial { drop() }
  }

  /// Where a generation stands when somebody is about to obtain its token.
  enum Turn: Sendable {
    /// There is one already.
    case inUse(Credentials, TokenDetails)
    /// It is to be obtained so. Becomes ``AuthState/obtained(_:for:)`` or ``AuthState/failed(_:for:)``.
    case obtain(TokenWish)
    /// A later generation began.
    case superseded
  }

  mutating func turn(of generation: Int) -> Turn {
    guard generation == self.generation else { return .superseded }
    if let credentials, let token { return .inUse(credentials, token) }
    let wish = once ?? stored
    // Should this be given up, the next one asks for the same, without what counts once (RSA10g).
    once = once?.lasting
    return .obtain(wish)
  }

  /// Where a caller stands whose generation was superseded while it waited: it takes what became of the
  /// later one.
  var outcome: Result<(Credentials, TokenDetails), ErrorInfo>? {
    if let credentials, let token { return .success((credentials, token)) }
    return failure.map(Result.failure)
  }

  /// A token came.
  ///
  /// - Returns: the credentials of it, unless a later generation began.
  /// - Throws: 40102 when it belongs to another identity.
  mutating func obtained(_ token: TokenDetails, for generation: Int) throws(ErrorInfo) -> Credentials? {
    guard generation == self.generation else { return nil }
    once = nil
    return try use(token)
  }

  /// No token came.
  ///
  /// - Returns: whether that matters: `false` when a later generation began.
  mutating func failed(_ error: ErrorInfo, for generation: Int) -> Bool {
    guard generation == self.generation else { return false }
    failure = error
    once = nil
    return true
  }

  /// Takes a token into use (RSA16c).
  ///
  /// - Throws: 40102 when it belongs to another identity than the client's (RSA15a).
  @discardableResult
  private mutating func use(_ token: TokenDetails) throws(ErrorInfo) -> Credentials {
    try ClientID.check(token.clientId, against: ownClientId, of: "token")
    serial += 1
    let credentials = Credentials(token: token.token, serial: serial)
    self.token = token
    self.credentials = credentials
    failure = nil
    // What was confirmed for another token says nothing about this one.
    if let clientId = token.clientId, clientId != confirmedClientId { confirmedClientId = nil }
    return credentials
  }

  private mutating func drop() {
    token = nil
    credentials = nil
  }
}
