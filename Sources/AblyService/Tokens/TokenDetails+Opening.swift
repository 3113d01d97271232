package import AblyTokens

extension TokenDetails {
  /// The key that an opaque token of this service is said to be of; `nil` for a text of another form.
  package static func keyName(inOpaque token: String) -> String? { OpaqueToken.Parts(token)?.keyName }

  /// What an opaque token of this service says, for whoever holds the key it was issued with. Its time is not
  /// looked at.
  ///
  /// - Throws: 40145 for a text that has not the form of a token; 40143 for one of another key, or that was
  ///   changed.
  package init(opening token: String, with key: APIKey) throws(ErrorInfo) {
    let (opaque, _) = try OpaqueToken.open(token, apps: AppDirectory([ServiceKey(key)]))
    self.init(
      token: token, keyName: key.keyName, issued: Milliseconds.date(opaque.issued),
      expires: Milliseconds.date(opaque.expires), capabilityText: opaque.capabilityText,
      clientId: opaque.clientId)
  }
}
