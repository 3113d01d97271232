package import AblyTokens

/// What authenticates a request.
package struct Credentials: Sendable {
  /// The value of the `Authorization` header field.
  package let header: Secret

  /// Which of the client's tokens it is; `nil` for a key.
  let serial: Int?

  /// Whether it is a token, which can be renewed.
  var isToken: Bool { serial != nil }

  /// A key (RSA11).
  init(_ key: APIKey) {
    header = Secret("Basic \(Base64.standard.encode(key.revealed().utf8))")
    serial = nil
  }

  /// A token (RSA3b). Base64 lets no character of a token act as header syntax.
  init(token: String, serial: Int) {
    header = Secret("Bearer \(Base64.standard.encode(token.utf8))")
    self.serial = serial
  }
}
