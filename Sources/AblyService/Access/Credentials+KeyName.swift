internal import AblyTokens

extension Credentials {
  /// The name of the key that they claim to be or to come from, nothing of it having been checked.
  var keyName: String? {
    switch self {
    case .key(let key): (try? APIKey(key.text))?.keyName
    case .token(let token): Self.keyName(of: token, inside: 0)
    }
  }

  // Of a token that carries another it is that one's: the outer names somebody else's key.
  private static func keyName(of token: Secret, inside envelopes: Int) -> String? {
    switch try? TokenForm(token) {
    case nil: nil
    case .opaque(let token): OpaqueToken.keyName(of: token.text)
    case .jwt(let jwt): jwt.keyName
    case .envelope(let envelope):
      envelopes < TokenEnvelope.maximumDepth ? keyName(of: envelope.contents, inside: envelopes + 1) : nil
    }
  }
}
