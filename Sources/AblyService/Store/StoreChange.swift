/// What a node hears of its store.
public enum StoreChange: Sendable {
  /// Everything there is: the beginning, and again after ``lost``.
  case contents(StoreContents)
  /// Keys came, or took the place of those of the same name.
  case saved([StoredKey])
  /// The keys of an app are gone.
  case removed(app: String)
  /// A key is gone.
  case removedKey(String)
  /// Tokens were revoked.
  case revoked([Revocation])
  /// What others change is not heard any more. Until the next ``contents(_:)`` a node knows only what it
  /// knew: tokens that can be revoked are refused with 503, all others are checked as ever.
  case lost
}
