package import AblyTokens
internal import Synchronization

extension Auth {
  /// The connection that uses the tokens, as long as there is one.
  package var connection: (any LiveConnection)? {
    get { inner.withLock(\.connection) }
    set { inner.withLock { $0.connection = newValue } }
  }

  /// Whether a token that is refused can be replaced (RSA4a).
  package var canRenew: Bool { standing.canRenew }

  /// The same, and who the client is as far as it is known: what each event of a connection needs.
  package var standing: (canRenew: Bool, clientId: String?) {
    inner.withLock { ($0.state.stored.options.canObtainTokens, $0.state.clientId) }
  }

  /// What authenticates a connection, as ``credentials()``; instead of what was refused, where something was.
  package func connectionCredentials(
    insteadOf refused: Credentials?, because error: ErrorInfo?
  ) async throws(ErrorInfo) -> Credentials {
    guard let refused, let error else { return try await credentials() }
    return try await credentials(insteadOf: refused, because: error)
  }

  /// A connection was confirmed to be this client (RSA7b3, RTC4a); `nil` when nothing was said about it.
  package func confirmed(clientId: String?) {
    inner.withLock { $0.state.confirmedClientId = clientId }
  }
}
