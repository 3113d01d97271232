internal import AblyTokens

/// Checks the tokens that clients bear.
struct TokenVerifier: Sendable {
  let apps: AppDirectory
  let revocations: RevocationIndex

  /// Those that are over before their time.
  var ended: EndedTokens?

  /// Those whose signer's clock is ahead.
  var early: EarlyTokens?

  /// Whether the bearer's tokens are to be known again.
  var marksTokens = false

  /// Who bears the token. What it may do is what it says, narrowed by what its key may do at this moment.
  ///
  /// - Throws: 40143 for a token of an app or key that is not known here, and for one that was changed; 40145
  ///   for one that cannot be read; 40144 for a JWT with a bad algorithm, signature or claim, and for one
  ///   that outlives the token it carries; 40142 once it has expired; all with status 401. 40400 for a JWT
  ///   that names an app (404) or a key (401) that is not known here, as official clients have it.
  func principal(bearing token: Secret, at now: Int64) throws(ErrorInfo) -> Principal {
    try principal(bearing: token, inside: 0, at: now)
  }

  /// - Parameter envelopes: how many envelopes it was found in.
  private func principal(
    bearing token: Secret, inside envelopes: Int, at now: Int64
  ) throws(ErrorInfo) -> Principal {
    let mark = try mark(of: token)
    var principal = try principal(bearing: TokenForm(token), inside: envelopes, at: now)
    if marksTokens, let mark { principal.token?.marks.append(mark) }
    return principal
  }

  private func mark(of token: Secret) throws(ErrorInfo) -> TokenMark? {
    guard marksTokens || ended?.isEmpty == false else { return nil }
    let mark = TokenMark(token)
    try ended?.check(mark)
    return mark
  }

  private func principal(
    bearing form: TokenForm, inside envelopes: Int, at now: Int64
  ) throws(ErrorInfo) -> Principal {
    switch form {
    case .opaque(let token): return try principal(bearingOpaque: token.text, at: now)
    case .jwt(let jwt): return try principal(bearing: jwt, at: now)
    case .envelope(let envelope):
      guard envelopes < TokenEnvelope.maximumDepth else {
        throw TokenEnvelope.invalid("tokens lie in it deeper than \(TokenEnvelope.maximumDepth)")
      }
      var principal = try principal(bearing: envelope.contents, inside: envelopes + 1, at: now)
      if let inner = principal.token?.expires {
        principal.token?.expires = try envelope.expiry(around: inner, at: now)
      }
      return principal
    }
  }

  private func principal(bearingOpaque text: String, at now: Int64) throws(ErrorInfo) -> Principal {
    let (token, key) = try OpaqueToken.open(text, apps: apps)
    guard now < token.expires else {
      throw ErrorInfo(.tokenExpired, "the token expired at \(token.expires) ms", statusCode: 401)
    }
    guard let grant = try? key.grants.left(of: token.capabilityText) else {
      throw ErrorInfo(.invalidAblyToken, "the token's capability cannot be read", statusCode: 401)
    }
    let bearer = RevocationIndex.Bearer(token, key, grant)
    try check(bearer, at: now)
    return Principal(
      key: key, capability: grant.capability,
      identity: Identity(tokenClientId: token.clientId), hasKey: false,
      token: BearerToken(expires: token.expires, bearer: bearer))
  }

  private func principal(bearing jwt: UnverifiedJWT, at now: Int64) throws(ErrorInfo) -> Principal {
    guard let keyName = jwt.keyName else {
      throw ErrorInfo(.invalidJWT, "the JWT is not valid: its header names no key (kid)", statusCode: 401)
    }
    let key = try apps.key(named: keyName)
    let claims = try key.jwtSigner.verify(
      jwt, at: Milliseconds.date(now), keyIsRevocable: key.serviceKey.revocableTokens)
    var grant: Grant?
    do throws(ErrorInfo) {
      grant = try claims.capabilityText.map { text throws(ErrorInfo) in try key.grants.grant(text) }
    } catch {
      throw ErrorInfo(.invalidJWT, "the JWT is not valid: \(error.message)", statusCode: 401, cause: error)
    }
    let expires = (try? Milliseconds.of(claims.expires, "exp")) ?? now
    let bearer = bearer(of: jwt, claims, key, grant, expires: expires, at: now)
    try check(bearer, at: now)
    return Principal(
      key: key, capability: grant?.capability ?? key.capability,
      identity: Identity(tokenClientId: claims.clientId), hasKey: false,
      token: BearerToken(expires: expires, bearer: bearer),
      terms: ChannelTerms(claims: claims.channelClaims, publishRates: claims.publishRates))
  }

  private func bearer(
    of jwt: UnverifiedJWT, _ claims: AblyJWT.Claims, _ key: IssuingKey, _ grant: Grant?, expires: Int64,
    at now: Int64
  ) -> RevocationIndex.Bearer {
    let issued = Self.issued(jwt)
    let earlier =
      key.serviceKey.revocableTokens
      ? early?.moment(of: jwt, issued: issued, expires: expires, at: now) : nil
    return RevocationIndex.Bearer(
      keyName: key.keyName, issued: earlier ?? issued,
      isToTheSecond: jwt.payload["iat"]?.number?.int64 != nil, isEarly: earlier != nil,
      clientId: claims.clientId, revocationKey: claims.revocationKey,
      channels: grant?.channels ?? key.capability.rules.keys.map(\.text))
  }

  /// - Throws: 40141 for a token that was revoked; 50004 with status 503 where it could have been, and other
  ///   nodes cannot be heard.
  private func check(_ bearer: RevocationIndex.Bearer, at now: Int64) throws(ErrorInfo) {
    if !revocations.isComplete, apps.find(bearer.keyName)?.serviceKey.revocableTokens == true {
      throw .storeUnavailable("whether the token was revoked is not known here at this moment")
    }
    guard let revocation = revocations.revocation(of: bearer, at: now) else { return }
    let why =
      if bearer.isEarly {
        "the token was revoked: its iat was ahead of the service's clock, so it may have been there before"
      } else if revocation.isOfTheSecond(of: bearer) {
        "the token was revoked: its iat, in whole seconds, is of the second of the revocation"
      } else {
        "the token was revoked"
      }
    throw ErrorInfo(.tokenRevoked, why, statusCode: 401)
  }

  /// When a JWT was issued, in milliseconds since 1970, a part of one dropped: rounded up it would be of the
  /// millisecond after the one in which it was issued, and pass a revocation in between.
  private static func issued(_ jwt: UnverifiedJWT) -> Int64 {
    let exact = (jwt.payload["iat"]?.number?.double ?? 0) * 1000
    // A Double holds a time of today to a quarter of a microsecond.
    return Int64(exactly: (exact + 0.001).rounded(.down)) ?? 0
  }
}
