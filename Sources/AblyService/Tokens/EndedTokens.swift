internal import AblyTokens
internal import Synchronization

/// Tokens that were made to end before their time, for tests of clients.
final class EndedTokens: Sendable {
  /// What a token counts as from then on.
  enum Reason: Sendable, Hashable {
    case expired
    case revoked

    var refusal: ErrorInfo {
      switch self {
      case .expired:
        ErrorInfo(.tokenExpired, "the token was made to expire before its time", statusCode: 401)
      case .revoked: ErrorInfo(.tokenRevoked, "the token was revoked", statusCode: 401)
      }
    }
  }

  private let reasons = Locked<[TokenMark: Reason]>([:])

  var isEmpty: Bool { reasons.withLock(\.isEmpty) }

  func add(_ mark: TokenMark, _ reason: Reason) {
    reasons.withLock { $0[mark] = reason }
  }

  /// - Throws: 40142 or 40141 for one of them.
  func check(_ mark: TokenMark) throws(ErrorInfo) {
    if let reason = reasons.withLock({ $0[mark] }) { throw reason.refusal }
  }
}
