/// That tokens of a key are refused which were issued before a moment.
public struct Revocation: Sendable, Hashable {
  /// The key whose tokens are meant.
  public let keyName: String

  /// Which of them.
  public let target: RevocationTarget

  /// Tokens that were issued before this are meant, in milliseconds since 1970.
  public let issuedBefore: Int64

  /// They are refused from this moment on, in milliseconds since 1970.
  public let appliesAt: Int64

  /// Puts a revocation together.
  ///
  /// - Parameters:
  ///   - keyName: the key that issued them.
  ///   - target: which of its tokens.
  ///   - issuedBefore: milliseconds since 1970.
  ///   - appliesAt: milliseconds since 1970.
  public init(keyName: String, target: RevocationTarget, issuedBefore: Int64, appliesAt: Int64) {
    self.keyName = keyName
    self.target = target
    self.issuedBefore = issuedBefore
    self.appliesAt = appliesAt
  }

  /// How long a token that can be revoked may live after the moment that its revocation names, in milliseconds: an
  /// hour, and two minutes more where the clock that it was issued by was ahead.
  public static let longestLife: Int64 = RevocationIndex.longestLife + TokenAuthority.timestampTolerance

  /// How long clients may take to bring another token where they are asked to, in milliseconds.
  static let reauthMargin: Int64 = 30_000

  /// Whether a token that it is about may still be alive, or it has yet to begin.
  public func canMatter(at now: Int64) -> Bool { entry.canMatter(at: now) }

  /// How long after a revocation ceased to matter it may be forgotten, in milliseconds: the clock may have
  /// been ahead for a while, and be set right again.
  public static let sweepMargin: Int64 = 3_600_000

  /// Whether it may be forgotten.
  public func canBeSwept(at now: Int64) -> Bool { entry.canBeSwept(at: now) }

  var entry: RevocationIndex.Entry {
    RevocationIndex.Entry(issuedBefore: issuedBefore, appliesAt: appliesAt)
  }
}
