internal import AblyTokens
internal import Crypto

/// What a token is known again by, without the token lying about: a hash of its text.
struct TokenMark: Sendable, Hashable {
  private let hash: SHA256Digest

  init(_ token: Secret) {
    hash = SHA256.hash(data: Array(token.text.utf8))
  }
}
