package import AblyTokens

/// A store that can be asked about nonces by who has no task to wait in: the exchange of a token request is what a
/// service does most.
package protocol PromptStore: ServiceStore {
  /// What ``ServiceStore/admit(_:at:)`` does.
  ///
  /// - Parameter later: takes the verdict, or 50004, once, where none is returned; on any thread, which it must not hold up.
  /// - Returns: the verdict, where nothing has to be waited for.
  func admit(
    _ use: NonceUse, at now: Int64, later: @escaping @Sendable (Result<NonceVerdict, ErrorInfo>) -> Void
  ) -> NonceVerdict?
}
