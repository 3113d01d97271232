package import AblyTokens

/// What authenticates a request.
package struct Credentials: Sendable {
  /// The value of the `Authorization` header field.
  package let header: Secret

  /// Which of the client's tokens it is; `nil` for a key.
  package let serial: Int?

  /// The key or the token itself, for a place where no header field goes (RTN2e).
  package let secret: Secret

  /// Whether it is a token, which can be renewed.
  package var isToken: Bool { serial != nil }

  init(header: Secret, serial: Int?, secret: Secret) {
    self.header = header
    self.serial = serial
    self.secret = secret
  }

  /// A key (RSA11).
  package init(_ key: APIKey) {
    secret = Secret(key.revealed())
    header = Secret("Basic \(Base64.standard.encode(secret.text.utf8))")
    serial = nil
  }

  /// A token (RSA3b). Base64 lets no character of a token act as header syntax.
  package init(token: String, serial: Int) {
    secret = Secret(token)
    header = Secret("Bearer \(Base64.standard.encode(token.utf8))")
    self.serial = serial
  }
}
