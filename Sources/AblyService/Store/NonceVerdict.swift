/// What a store says of a nonce.
public enum NonceVerdict: Sendable, Hashable {
  /// Never used before; it is now.
  case fresh
  /// Used before.
  case seen
  /// From a time whose nonces have been forgotten, which only a clock that was set back can bring about.
  case forgotten
}
