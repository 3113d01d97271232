public import AblyTokens

extension RESTClient {
  /// What each request does first: it takes the client's credentials. For the benchmarks of this package.
  ///
  /// - Returns: how many bytes the header field has.
  @_spi(Benchmarks) public func attachCredentials() async throws(ErrorInfo) -> Int {
    try await auth.credentials().header.text.utf8.count
  }
}
