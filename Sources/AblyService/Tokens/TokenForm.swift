internal import AblyTokens

/// What a token string is, by its outer form alone.
enum TokenForm: Sendable {
  /// One that this service issued, or no token at all.
  case opaque(Secret)
  /// One that claims to be signed with an API key.
  case jwt(UnverifiedJWT)
  /// One that carries another.
  case envelope(TokenEnvelope)

  /// - Throws: 40144 for what has the parts of a JWT and is none.
  init(_ secret: Secret) throws(ErrorInfo) {
    let token = secret.text
    switch token.utf8.prefix(UnverifiedJWT.maximumBytes).count(where: { $0 == UInt8(ascii: ".") }) {
    case 2 where Self.beginsAsJSON(token):
      let jwt = try UnverifiedJWT(token)
      self = if let envelope = try TokenEnvelope(jwt) { .envelope(envelope) } else { .jwt(jwt) }
    case 4 where Self.beginsAsJSON(token): self = .envelope(try TokenEnvelope(encrypted: token))
    default: self = .opaque(secret)
    }
  }

  // The base64 of a text that begins with a brace begins with an 'e', whatever follows.
  private static func beginsAsJSON(_ token: String) -> Bool { token.utf8.first == UInt8(ascii: "e") }
}
