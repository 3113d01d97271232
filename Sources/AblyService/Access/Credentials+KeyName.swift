internal import AblyTokens

extension Credentials {
  /// The name of the key that they claim to be or to come from, nothing of it having been checked.
  var keyName: String? {
    switch self {
    case .key(let key): (try? APIKey(key.text))?.keyName
    case .token(let token) where UnverifiedJWT.looksLikeJWT(token.text):
      (try? UnverifiedJWT(token.text))?.keyName
    case .token(let token): OpaqueToken.keyName(of: token.text)
    }
  }
}
