/// All that a node holds in memory of its store.
public struct StoreContents: Sendable {
  /// The keys of all apps, in no order.
  public var keys: [StoredKey]

  /// The revocations that can still matter, in no order.
  public var revocations: [Revocation]

  /// Puts the two together.
  public init(keys: [StoredKey] = [], revocations: [Revocation] = []) {
    self.keys = keys
    self.revocations = revocations
  }
}
