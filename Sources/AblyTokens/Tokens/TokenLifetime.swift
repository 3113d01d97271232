/// How long tokens may live at most, in milliseconds.
package enum TokenLifetime {
  /// 24 hours.
  package static let maximum: Int64 = 86_400_000

  /// One hour, for tokens of a key whose tokens can be revoked.
  package static let maximumRevocable: Int64 = 3_600_000

  /// The longest for tokens of a key.
  package static func maximum(isRevocable: Bool) -> Int64 { isRevocable ? maximumRevocable : maximum }
}
