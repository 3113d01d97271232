internal import AblyTokens

/// The revocations of all keys, as long as they can matter.
struct RevocationIndex: Sendable {
  /// Times in milliseconds since 1970.
  struct Entry: Sendable, Hashable {
    /// Tokens that were issued before this are meant.
    let issuedBefore: Int64
    /// They are refused from this moment on.
    let appliesAt: Int64
  }

  /// What can be revoked by: the parts of a token that targets name.
  struct Bearer: Sendable {
    let keyName: String
    let issued: Int64
    var clientId: String?
    var revocationKey: String?
    var channels: Set<String> = []
  }

  /// No token of a key with revocable tokens lives longer, in milliseconds, so older revocations are idle.
  static let longestLife: Int64 = 3_600_000

  private var entries: [String: [RevocationTarget: [Entry]]] = [:]

  /// Adds a revocation, and lets go of those that cannot matter any more.
  mutating func revoke(_ target: RevocationTarget, of keyName: String, _ entry: Entry, now: Int64) {
    var targets = entries[keyName, default: [:]].compactMapValues { entries in
      let alive = entries.filter { $0.issuedBefore + Self.longestLife > now || $0.appliesAt > now }
      return alive.isEmpty ? nil : alive
    }
    // One that begins earlier and reaches further makes another idle.
    targets[target, default: []].removeAll {
      $0.appliesAt >= entry.appliesAt && $0.issuedBefore <= entry.issuedBefore
    }
    targets[target, default: []].append(entry)
    entries[keyName] = targets
  }

  /// Whether a token is refused.
  func isRevoked(_ bearer: Bearer, at now: Int64) -> Bool {
    guard let targets = entries[bearer.keyName] else { return false }
    return targets.contains { target, entries in
      let isMeant =
        switch target.kind {
        case .clientId: bearer.clientId == target.value
        case .revocationKey: bearer.revocationKey == target.value
        case .channel: bearer.channels.contains(target.value)
        }
      return isMeant && entries.contains { bearer.issued < $0.issuedBefore && $0.appliesAt <= now }
    }
  }
}
