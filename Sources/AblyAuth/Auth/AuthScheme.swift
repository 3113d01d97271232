/// How requests are authenticated (RSA2, RSA4).
enum AuthScheme: Sendable, Hashable {
  /// By the key itself.
  case basic

  /// By a token.
  case token
}
