public import AblyTokens

/// Obtains tokens from Ably. A `RESTClient` does it in one line.
public protocol TokenObtaining: Sendable {
  /// Exchanges a token request, which was signed a moment ago, for a token.
  ///
  /// - Throws: what Ably refused; status 0 where it was not reached.
  func obtain(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails
}
