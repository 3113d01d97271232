#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

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
