internal import AblyTokens
internal import Crypto

/// What a token is known again by, without the token lying about: a hash of its text.
struct TokenMark: Sendable, Hashable {
  private let hash: [UInt8]

  init(_ token: Secret) {
    hash = Array(SHA256.hash(data: Array(token.text.utf8)))
  }

  /// Reads what ``base64`` wrote.
  init?(base64 text: String) {
    guard let hash = Base64.url.decode(text.utf8), hash.count == SHA256.byteCount else { return nil }
    self.hash = hash
  }

  /// For another node, which may learn nothing but the hash either.
  var base64: String { Base64.url.encode(hash) }
}
