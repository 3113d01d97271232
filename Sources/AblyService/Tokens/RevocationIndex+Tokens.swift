internal import AblyTokens

extension RevocationIndex.Bearer {
  /// What a token that the service issued can be revoked by.
  ///
  /// - Throws: 40000 for a capability that cannot be read.
  init(_ token: OpaqueToken, _ key: IssuingKey) throws(ErrorInfo) {
    self.init(token, key, try key.grants.left(of: token.capabilityText))
  }

  /// The same where its capability was read already.
  init(_ token: OpaqueToken, _ key: IssuingKey, _ grant: Grant) {
    self.init(keyName: key.keyName, issued: token.issued)
    isOfService = true
    horizon = token.horizon
    clientId = token.clientId
    channels = grant.channels
  }
}
