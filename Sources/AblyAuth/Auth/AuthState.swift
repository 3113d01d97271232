internal import AblyTokens

/// What ``Auth`` knows, and what follows from it.
struct AuthState: Sendable {
  /// How requests are authenticated.
  let scheme: AuthScheme

  /// The identity that the client was given, which a token must not contradict.
  let ownClientId: String?

  /// How a token is obtained where a call says nothing else.
  let options: AuthOptions

  /// What a token asks for where a call says nothing else.
  let tokenParams: TokenParams

  /// The token in use (RSA16a); none under Basic (RSA16d).
  private(set) var token: TokenDetails?

  /// The value of the `Authorization` header field, written once; `nil` while a token has yet to be obtained.
  private(set) var authorization: Secret?

  /// - Throws: 40106 and 40102, as ``RESTClient/init(options:transport:)`` says.
  init(_ options: ClientOptions) throws(ErrorInfo) {
    scheme = try options.authScheme()
    ownClientId = options.clientId
    self.options = AuthOptions(key: options.key, queryTime: options.queryTime)
    var tokenParams = options.defaultTokenParams ?? TokenParams()
    tokenParams.timestamp = nil
    if let clientId = options.clientId { tokenParams.clientId = clientId }
    self.tokenParams = tokenParams
    switch scheme {
    case .basic: authorization = options.key.map(Secret.init(basic:))
    case .token:
      if let token = options.tokenDetails, !token.token.isEmpty { try use(token) }
    }
  }

  /// The identity of the client (RSA7b, RSA12): `*` when it may take any.
  var clientId: String? { ownClientId ?? token?.clientId }

  /// Takes a token into use.
  ///
  /// - Returns: the header field that goes with it.
  /// - Throws: 40102 when it belongs to another identity than the client's (RSA15a).
  @discardableResult
  mutating func use(_ token: TokenDetails) throws(ErrorInfo) -> Secret {
    if let ownClientId, let clientId = token.clientId, ![ClientID.wildcard, ownClientId].contains(clientId) {
      throw ErrorInfo(
        .incompatibleCredentials, "the token is for another client id than ClientOptions.clientId",
        remedy: "Ask for tokens with the client's own id, or leave ClientOptions.clientId unset.")
    }
    let authorization = Secret(bearer: token.token)
    self.token = token
    self.authorization = authorization
    return authorization
  }

  /// What to ask for, and how: what a call gives replaces what is stored, as a whole (RSA8e, RSA9h).
  func wish(_ params: TokenParams?, _ options: AuthOptions?) -> (params: TokenParams, options: AuthOptions) {
    (params ?? tokenParams, options ?? self.options)
  }
}

extension Secret {
  /// The header field of a key (RSA11).
  fileprivate init(basic key: APIKey) {
    self.init("Basic \(Base64.standard.encode(key.revealed().utf8))")
  }

  /// The header field of a token (RSA3b). Base64 lets no character of a token act as header syntax.
  fileprivate init(bearer token: String) {
    self.init("Bearer \(Base64.standard.encode(token.utf8))")
  }
}
