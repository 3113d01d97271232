internal import AblyTokens

extension Identity {
  /// The identity of a connection whose client shows other credentials: it may gain one, but neither change
  /// nor lose it (RTC8a).
  ///
  /// - Throws: 40102 for credentials of another identity.
  func renewed(by other: Identity) throws(ErrorInfo) -> Identity {
    switch (self, other) {
    case (.client(let own), .client(let shown)) where own.utf8.elementsEqual(shown.utf8): return self
    case (.client, .any): return self
    case (.client, _):
      throw ErrorInfo(
        .incompatibleCredentials, "the credentials are not of the clientId that the connection has",
        statusCode: 401)
    default: return other
    }
  }

  /// What a client is told about itself (CD2a): `*` stands for any.
  var clientId: String? {
    switch self {
    case .anonymous: nil
    case .any: ClientID.wildcard
    case .client(let clientId): clientId
    }
  }
}
