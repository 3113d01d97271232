public import AblyTokens

/// Decides what a caller gets. The decision is yours; all else is the endpoint's.
///
/// ```swift
/// struct Members: TokenPolicy {
///   func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision {
///     guard let name = caller.subject else { return .refuse("nobody in particular") }
///     return .grant(TokenGrant(clientId: name, capability: ["chat:*": [.publish, .subscribe]]))
///   }
/// }
/// ```
public protocol TokenPolicy: Sendable {
  /// What `caller` gets.
  ///
  /// - Parameters:
  ///   - caller: who asks, verified.
  ///   - wish: what the client asks for. Grant as if it had asked for nothing: the endpoint narrows the grant to
  ///     the wish by itself.
  /// - Throws: with status 403 it is a refusal; anything else becomes a 503, and nothing is granted.
  func decision(for caller: Caller, asking wish: TokenWish) async throws(ErrorInfo) -> PolicyDecision

  /// The same, where nothing has to be waited for. Unless you write it, the other one is asked.
  func promptDecision(for caller: Caller, asking wish: TokenWish) throws(ErrorInfo) -> Promptly<
    PolicyDecision
  >
}

extension TokenPolicy {
  /// Says that the other one has to be asked.
  public func promptDecision(
    for caller: Caller, asking wish: TokenWish
  ) throws(ErrorInfo) -> Promptly<PolicyDecision> { .later }
}
