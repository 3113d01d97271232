/// A key as a store keeps it.
public struct StoredKey: Sendable {
  /// Who brought a key.
  public enum Origin: String, Sendable, Hashable, CaseIterable {
    /// Whoever started the service named it.
    case given
    /// The service made it when it started, because it was given none.
    case made
    /// A request to make an app asked for it.
    case requested
  }

  /// The key, what it may do, and whether its tokens can be revoked.
  public let key: ServiceKey

  /// Who brought it.
  public let origin: Origin

  /// Puts the two together.
  public init(_ key: ServiceKey, origin: Origin) {
    self.key = key
    self.origin = origin
  }
}
