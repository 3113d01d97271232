// API keys that are not accepted, and what revoking tokens asks of a key.
extension ErrorInfo.Code {
  /// The app may not revoke tokens, or its account may not revoke them by channel.
  public static let revocationNotEnabledForApplication: Self = 40121

  /// The key does not exist, or exists no longer.
  public static let keyError: Self = 40130

  /// Somebody with access to the account revoked the key.
  public static let keyRevoked: Self = 40131

  /// The key was given an end, and it has passed.
  public static let keyExpired: Self = 40132

  /// Tokens can be revoked only with the key that issued them.
  public static let wrongKeyForRevocation: Self = 40133

  /// The key's tokens are not revocable. ``revocationNotEnabled`` is the same under another number.
  public static let revocationNotEnabledForKey: Self = 40163

  /// The key's tokens are not revocable.
  public static let revocationNotEnabled: Self = 40164
}

extension ErrorInfo.Code {
  static let keyEntries: [Entry] = [
    Entry(
      .revocationNotEnabledForApplication, "revocation not enabled for the app",
      """
      Have token revocation enabled for the app. If only a target by channel is refused, revoke by clientId \
      or revocationKey instead.
      """),
    Entry(
      .keyError, "API key not recognized",
      """
      Check in the app's settings that the key still exists, and that it is used with the endpoint its app \
      lives on.
      """),
    Entry(
      .keyRevoked, "API key revoked",
      """
      Put another key of the app where the revoked one is configured, and ask who revoked it: it may have \
      leaked.
      """),
    Entry(
      .keyExpired, "API key expired",
      "Make a new key for the app and deploy it to everything that signs or uses Basic authentication."),
    Entry(
      .wrongKeyForRevocation, "tokens belong to another key",
      """
      Call revokeTokens with the key that issued the tokens, which is the `kid` of a JWT and the keyName of \
      TokenDetails.
      """),
    Entry(
      .revocationNotEnabledForKey, "key without revocable tokens (40163)",
      "Turn on revocable tokens in the settings of this key; 40164 says the same and has the same cure."),
    Entry(
      .revocationNotEnabled, "key without revocable tokens",
      """
      Turn on revocable tokens for the key, or use a key that has them; in the local service that is \
      `ably-auth local --revocable-key`.
      """),
  ]
}
