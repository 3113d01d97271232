internal import AblyTokens

/// Checks the tokens that clients bear.
struct TokenVerifier: Sendable {
  let apps: AppDirectory
  let revocations: RevocationIndex

  /// Who bears the token. What it may do is what it says, narrowed by what its key may do at this moment.
  ///
  /// - Throws: 40143 for a token of an app or key that is not known here, and for one that was changed; 40145
  ///   for one that cannot be read; 40144 for a JWT with a bad algorithm, signature or claim; 40142 once it
  ///   has expired. All with status 401.
  func principal(bearing token: Secret, at now: Int64) throws(ErrorInfo) -> Principal {
    UnverifiedJWT.looksLikeJWT(token.text)
      ? try principal(bearingJWT: token.text, at: now) : try principal(bearingOpaque: token.text, at: now)
  }

  private func principal(bearingOpaque text: String, at now: Int64) throws(ErrorInfo) -> Principal {
    let (token, key) = try OpaqueToken.open(text, apps: apps)
    guard now < token.expires else {
      throw ErrorInfo(.tokenExpired, "the token expired at \(token.expires) ms", statusCode: 401)
    }
    guard let capability = try? Capability(strict: token.capabilityText) else {
      throw ErrorInfo(.invalidAblyToken, "the token's capability cannot be read", statusCode: 401)
    }
    try check(
      RevocationIndex.Bearer(
        keyName: key.keyName, issued: token.issued, clientId: token.clientId,
        channels: Self.channels(token.capabilityText)), at: now)
    return Principal(
      key: key, capability: capability.intersection(key.capability),
      identity: Identity(tokenClientId: token.clientId), hasKey: false)
  }

  private func principal(bearingJWT text: String, at now: Int64) throws(ErrorInfo) -> Principal {
    let jwt = try UnverifiedJWT(text)
    guard let keyName = jwt.keyName else {
      throw ErrorInfo(.invalidJWT, "the JWT is not valid: its header names no key (kid)", statusCode: 401)
    }
    guard let key = apps.find(keyName) else {
      throw ErrorInfo(
        .tokenUnrecognized, "the JWT names an app or a key that is not known here", statusCode: 401)
    }
    let claims = try key.jwtSigner.verify(
      jwt, at: Milliseconds.date(now), keyIsRevocable: key.serviceKey.revocableTokens)
    try check(
      RevocationIndex.Bearer(
        keyName: key.keyName, issued: (try? Milliseconds.of(claims.issuedAt, "iat")) ?? 0,
        clientId: claims.clientId, revocationKey: claims.revocationKey,
        channels: Self.channels(claims.capabilityText)), at: now)
    var capability = key.capability
    if let text = claims.capabilityText {
      guard let claimed = try? Capability(strict: text) else {
        throw ErrorInfo(.invalidJWT, "the JWT is not valid: its capability cannot be read", statusCode: 401)
      }
      capability = claimed.intersection(key.capability)
    }
    return Principal(
      key: key, capability: capability, identity: Identity(tokenClientId: claims.clientId), hasKey: false)
  }

  /// - Throws: 40141 for a token that was revoked.
  private func check(_ bearer: RevocationIndex.Bearer, at now: Int64) throws(ErrorInfo) {
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
