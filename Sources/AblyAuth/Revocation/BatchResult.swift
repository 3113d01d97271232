public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What became of an operation on several things (BAR1).
public struct BatchResult<Success: Sendable, Failure: Error>: Sendable {
  /// For how many it succeeded (BAR2a).
  public var successCount: Int

  /// For how many it failed (BAR2b).
  public var failureCount: Int

  /// What became of each (BAR2c).
  public var results: [Result<Success, Failure>]

  /// Counts results.
  public init(_ results: [Result<Success, Failure>]) {
    self.results = results
    successCount = results.count { if case .success = $0 { true } else { false } }
    failureCount = results.count - successCount
  }
}

/// Tokens that were revoked (TRS1).
public struct TokenRevocationSuccessResult: Sendable, Hashable {
  /// Which, as `type:value` (TRS2a).
  public var target: String

  /// From when on they are refused (TRS2b).
  public var appliesAt: Date

  /// Those that were issued before this are (TRS2c).
  public var issuedBefore: Date

  /// Describes tokens that were revoked.
  public init(target: String, appliesAt: Date, issuedBefore: Date) {
    self.target = target
    self.appliesAt = appliesAt
    self.issuedBefore = issuedBefore
  }
}

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
