// Tokens that are not accepted: the codes that a new token may cure (RSA4b).
extension ErrorInfo.Code {
  /// The token is not accepted, for no more specific reason.
  public static let tokenError: Self = 40140

  /// The token was revoked before it expired.
  public static let tokenRevoked: Self = 40141

  /// The token's time is over. A client that can renew it does so by itself.
  public static let tokenExpired: Self = 40142

  /// The token is unknown: it expired long ago, or is another app's or another service's.
  public static let tokenUnrecognized: Self = 40143

  /// A JWT cannot be read or verified: its form, algorithm, signature or claims.
  public static let invalidJWT: Self = 40144

  /// A token that is not a JWT cannot be read.
  public static let invalidAblyToken: Self = 40145
}

extension ErrorInfo.Code {
  static let tokenEntries: [Entry] = [
    Entry(
      .tokenError, "token not accepted",
      """
      Nothing, where the client can renew: it gets a new token and goes on. If it comes again, look at the \
      token with `ably-auth inspect`.
      """),
    Entry(
      .tokenRevoked, "token revoked",
      """
      Find out who revoked it and why. Tokens issued after the revocation work, so refuse the client at \
      your token endpoint if it is to stay out.
      """),
    Entry(
      .tokenExpired, "token expired",
      """
      Nothing, where the client has an authCallback, an authUrl or a key: it renews. If this reaches you \
      all the same, that source fails or the ttl is too short; `ably-auth inspect` shows the token's times.
      """),
    Entry(
      .tokenUnrecognized, "token not known here",
      """
      Get a new token. If it comes again, check that the token is used with the app and the endpoint that \
      issued it, Ably or a local service.
      """),
    Entry(
      .invalidJWT, "JWT not valid",
      """
      Run `ably-auth inspect --key` on the JWT: it has to be HS256 with the secret of the key in its `kid`, \
      with `iat` and `exp` in seconds and at most 24 hours apart.
      """),
    Entry(
      .invalidAblyToken, "Ably token not readable",
      """
      Look for what cuts or changes the token on its way, such as an auth endpoint that puts quotes around \
      it or a proxy that limits headers.
      """),
  ]
}
