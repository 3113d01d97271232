internal import AblyTokens

/// Which clientId the bearer of some credentials has, or may take.
enum Identity: Sendable, Hashable {
  /// None, and none may be taken: a token without a clientId.
  case anonymous
  /// None yet, and any may be taken: an API key, or a token with the clientId `*`.
  case any
  /// This one and no other; what is published without a clientId gets it.
  case client(String)

  /// The identity that a token's clientId stands for. Empty counts as absent.
  init(tokenClientId: String?) {
    switch tokenClientId {
    case nil, "": self = .anonymous
    case ClientID.wildcard: self = .any
    case let clientId?: self = .client(clientId)
    }
  }

  /// The clientId that a message goes out with when its publisher wrote `clientId` into it (RSA8f).
  ///
  /// - Throws: 40012 for an identity that is not the publisher's to take.
  func publisher(writing clientId: String?) throws(ErrorInfo) -> String? {
    if let clientId, !clientId.isEmpty { return try taking(clientId) }
    return if case .client(let own) = self { own } else { nil }
  }

  /// The identity after its bearer named itself (RSA7e2).
  ///
  /// - Throws: 40012 for an identity that is not the bearer's to take.
  func named(_ clientId: String) throws(ErrorInfo) -> Identity {
    .client(try taking(clientId))
  }

  private func taking(_ clientId: String) throws(ErrorInfo) -> String {
    try ClientID.check(clientId)
    guard clientId != ClientID.wildcard else {
      throw Self.refused("'*' stands for any identity and is none itself")
    }
    switch self {
    case .any: return clientId
    case .anonymous: throw Self.refused("the token carries no identity, so its bearer may not take one")
    case .client(let own):
      // By bytes: `String` takes canonically equivalent spellings for one, an identity does not.
      guard own.utf8.elementsEqual(clientId.utf8) else {
        throw Self.refused("the clientId is not the one of the credentials")
      }
      return clientId
    }
  }

  private static func refused(_ why: String) -> ErrorInfo {
    ErrorInfo(.invalidClientId, why, statusCode: 400)
  }
}
