package import AblyTokens

extension ClientID {
  /// Refuses what belongs to another identity than the client's own, `ClientOptions.clientId` (RSA15a, RSA15c).
  ///
  /// - Parameters:
  ///   - stated: the identity that `subject` is for: any where it is a `*`, and none where it is absent.
  ///   - own: the client's own; any will do where it is absent.
  ///   - subject: such as a token.
  /// - Throws: 40102.
  package static func check(
    _ stated: String?, against own: String?, of subject: String
  ) throws(ErrorInfo) {
    guard let own, let stated, stated != wildcard, stated != own else { return }
    throw ErrorInfo(
      .incompatibleCredentials, "the \(subject) is for another client id than ClientOptions.clientId",
      remedy: "Ask for tokens with the client's own id, or leave ClientOptions.clientId unset.")
  }
}
