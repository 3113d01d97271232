internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// All that a request has to know of ``AuthState`` while nothing has to be done first.
struct ReadyCredentials: Sendable {
  let credentials: Credentials

  /// When the token ends, where there is a way to obtain another then.
  let renewableUntil: Date?

  /// `nil` where a token has yet to be obtained.
  init?(_ state: AuthState) {
    guard let credentials = state.credentials else { return nil }
    self.credentials = credentials.copy
    renewableUntil = state.stored.options.canObtainTokens ? state.token?.expires : nil
  }
}

extension Credentials {
  /// The same in memory of its own, whose references are counted apart.
  fileprivate var copy: Credentials {
    Credentials(header: header.copy, serial: serial, secret: secret.copy)
  }
}

extension Secret {
  fileprivate var copy: Secret { Secret(String(decoding: Array(text.utf8), as: UTF8.self)) }
}
