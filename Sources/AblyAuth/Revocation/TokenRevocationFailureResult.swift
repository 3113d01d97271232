public import AblyTokens

/// Tokens that could not be revoked (TRF1).
public struct TokenRevocationFailureResult: Error, Sendable, Hashable {
  /// Which, as `type:value` (TRF2a).
  public var target: String

  /// Why (TRF2b).
  public var error: ErrorInfo

  /// Describes tokens that could not be revoked.
  public init(target: String, error: ErrorInfo) {
    self.target = target
    self.error = error
  }
}
