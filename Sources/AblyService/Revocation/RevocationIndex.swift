internal import AblyTokens

/// The revocations of all keys, as long as they can matter.
struct RevocationIndex: Sendable {
  /// Times in milliseconds since 1970.
  struct Entry: Sendable, Hashable {
    /// Tokens that were issued before this are meant.
    let issuedBefore: Int64
    /// They are refused from this moment on.
    let appliesAt: Int64

    fileprivate func canBeSwept(at now: Int64) -> Bool {
      let past = now - Revocation.sweepMargin
      return issuedBefore + RevocationIndex.longestLife <= past && appliesAt <= past
    }
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
  static let longestLife = Revocation.longestLife

  /// Whether it is known to hold what every node revoked. Where it is not, nobody can say of a token that can
  /// be revoked that it was not.
  var isComplete = true

  private var entries: [String: [RevocationTarget: [Entry]]] = [:]

  /// Adds a revocation, and lets go of those that have not mattered for an hour.
  mutating func revoke(_ target: RevocationTarget, of keyName: String, _ entry: Entry, now: Int64) {
    var targets = entries[keyName, default: [:]].compactMapValues { entries in
      let alive = entries.filter { !$0.canBeSwept(at: now) }
      return alive.isEmpty ? nil : alive
    }
    // One that begins earlier and reaches further makes another idle.
    targets[target, default: []].removeAll {
      $0.appliesAt >= entry.appliesAt && $0.issuedBefore <= entry.issuedBefore
    }
    targets[target, default: []].append(entry)
    entries[keyName] = targets
  }

  /// Adds revocations, and lets go of those that have not mattered for an hour.
  mutating func add(_ revocations: [Revocation], now: Int64) {
    for revocation in revocations {
      revoke(revocation.target, of: revocation.keyName, revocation.entry, now: now)
    }
  }

  /// Whether a token is refused.
  func isRevoked(_ bearer: Bearer, at now: Int64) -> Bool {
    guard let targets = entries[bearer.keyName] else { return false }
    func isMeant(by kind: RevocationTarget.Kind, _ value: String?) -> Bool {
      guard let value, let entries = targets[RevocationTarget(kind, value)] else { return false }
      return entries.contains { bearer.issued < $0.issuedBefore && $0.appliesAt <= now }
    }
    return isMeant(by: .clientId, bearer.clientId) || isMeant(by: .revocationKey, bearer.revocationKey)
      || bearer.channels.contains { isMeant(by: .channel, $0) }
  }
}
