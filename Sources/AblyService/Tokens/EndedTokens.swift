internal import AblyTokens
internal import Crypto
internal import Synchronization

/// Tokens that were made to expire before their time, for tests of clients.
final class EndedTokens: Sendable {
  // Hashes, so that no token lies about.
  private let hashes = Locked<Set<SHA256Digest>>([])

  func add(_ token: String) {
    let hash = SHA256.hash(data: Array(token.utf8))
    hashes.withLock { _ = $0.insert(hash) }
  }

  func contains(_ token: Secret) -> Bool {
    guard !hashes.withLock(\.isEmpty) else { return false }
    let hash = SHA256.hash(data: Array(token.text.utf8))
    return hashes.withLock { $0.contains(hash) }
  }

  /// 40142 for a request that shows one of them.
  func refusal(of request: ServiceRequest) -> ErrorInfo? {
    guard !hashes.withLock(\.isEmpty), case .token(let token)? = try? Credentials(of: request),
      contains(token)
    else { return nil }
    return Self.refusal
  }

  static let refusal = ErrorInfo(
    .tokenExpired, "the token was made to expire before its time", statusCode: 401)
}
