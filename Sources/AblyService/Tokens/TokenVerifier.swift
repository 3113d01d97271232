internal import AblyTokens

/// Checks the tokens that clients bear.
struct TokenVerifier: Sendable {
  let apps: AppDirectory
  let revocations: RevocationIndex

  /// Who bears the token. What it may do is what it says, narrowed by what its key may do at this moment.
  ///
  /// - Throws: 40143 for a token of an app or key that is not known here, and for one that was changed; 40145
  ///   for one that cannot be read; 40144 for a JWT with a bad algorithm, signature or claim, and for one
  ///   that outlives the token it carries; 40142 once it has expired; all with status 401. 40400 for a JWT
  ///   that names an app (404) or a key (401) that is not known here, as official clients have it.
  func principal(bearing token: Secret, at now: Int64) throws(ErrorInfo) -> Principal {
    try principal(bearing: TokenForm(token), inside: 0, at: now)
  }

  /// - Parameter envelopes: how many envelopes it was found in.
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
      var principal = try principal(
        bearing: TokenForm(envelope.contents), inside: envelopes + 1, at: now)
      if let token = principal.token {
        principal.token = BearerToken(
          expires: try envelope.expiry(around: token.expires, at: now), bearer: token.bearer)
      }
      return principal
    }
  }

  private func principal(bearingOpaque text: String, at now: Int64) throws(ErrorInfo) -> Principal {
    let (token, key) = try OpaqueToken.open(text, apps: apps)
    guard now < token.expires else {
      throw ErrorInfo(.tokenExpired, "the token expired at \(token.expires) ms", statusCode: 401)
    }
    guard let capability = try? Capability.granted(token.capabilityText, by: key.capability) else {
      throw ErrorInfo(.invalidAblyToken, "the token's capability cannot be read", statusCode: 401)
    }
    let bearer = RevocationIndex.Bearer(
      keyName: key.keyName, issued: token.issued, clientId: token.clientId,
      channels: Self.channels(token.capabilityText))
    try check(bearer, at: now)
    return Principal(
      key: key, capability: capability,
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
    let bearer = RevocationIndex.Bearer(
      keyName: key.keyName, issued: (try? Milliseconds.of(claims.issuedAt, "iat")) ?? 0,
      clientId: claims.clientId, revocationKey: claims.revocationKey,
      channels: Self.channels(claims.capabilityText))
    try check(bearer, at: now)
    var capability = key.capability
    if let text = claims.capabilityText {
      do throws(ErrorInfo) {
        capability = try Capability.granted(text, by: key.capability)
      } catch {
        throw ErrorInfo(.invalidJWT, "the JWT is not valid: \(error.message)", statusCode: 401, cause: error)
      }
    }
    return Principal(
      key: key, capability: capability, identity: Identity(tokenClientId: claims.clientId), hasKey: false,
      token: BearerToken(
        expires: (try? Milliseconds.of(claims.expires, "exp")) ?? now, bearer: bearer),
      terms: ChannelTerms(claims: claims.channelClaims, publishRates: claims.publishRates))
  }

  /// - Throws: 40141 for a token that was revoked; 50004 with status 503 where it could have been, and other
  ///   nodes cannot be heard.
  private func check(_ bearer: RevocationIndex.Bearer, at now: Int64) throws(ErrorInfo) {
    if !revocations.isComplete, apps.find(bearer.keyName)?.serviceKey.revocableTokens == true {
      throw .storeUnavailable("whether the token was revoked is not known here at this moment")
    }
    guard !revocations.isRevoked(bearer, at: now) else {
      throw ErrorInfo(.tokenRevoked, "the token was revoked", statusCode: 401)
    }
  }

  /// The channels that a capability names.
  private static func channels(_ text: String?) -> Set<String> {
    guard let text, let json = try? JSONValue(parsing: text) else { return [] }
    return Set((json.object ?? [:]).keys)
  }
}
