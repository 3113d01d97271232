internal import AblyTokens

/// The revocations of all keys, as long as they can matter.
struct RevocationIndex: Sendable {
  /// Times in milliseconds since 1970.
  struct Entry: Sendable, Hashable {
    /// Tokens that were issued before this are meant.
    let issuedBefore: Int64
    /// They are refused from this moment on.
    let appliesAt: Int64

    /// Whether it is refused a token of which nobody can say that it was issued later: the token's time is told
    /// in whole seconds, and the second is the one of the revocation.
    func isOfTheSecond(of bearer: Bearer) -> Bool {
      bearer.isToTheSecond && issuedBefore - bearer.issued < 1000
    }

    fileprivate func canBeSwept(at now: Int64) -> Bool {
      let past = now - Revocation.sweepMargin
      return issuedBefore + RevocationIndex.longestLife <= past && appliesAt <= past
    }
  }

  /// What can be revoked by: the parts of a token that targets name.
  struct Bearer: Sendable {
    let keyName: String

    /// In milliseconds since 1970. Of a time in whole seconds it is the beginning of the second, so that a token
    /// which may have been issued before a revocation counts as such.
    let issued: Int64

    /// Whether nothing below a second is known of when it was issued.
    var isToTheSecond = false

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
    sweep(keyName, now: now)
    insert(target, of: keyName, entry)
  }

  private mutating func sweep(_ keyName: String, now: Int64) {
    guard let targets = entries[keyName] else { return }
    entries[keyName] = targets.compactMapValues { entries in
      let alive = entries.filter { !$0.canBeSwept(at: now) }
      return alive.isEmpty ? nil : alive
    }
  }

  private mutating func insert(_ target: RevocationTarget, of keyName: String, _ entry: Entry) {
    // One that begins earlier and reaches further makes another idle.
    entries[keyName, default: [:]][target, default: []].removeAll {
      $0.appliesAt >= entry.appliesAt && $0.issuedBefore <= entry.issuedBefore
    }
    entries[keyName, default: [:]][target, default: []].append(entry)
  }

  /// Adds revocations, and lets go of those that have not mattered for an hour.
  mutating func add(_ revocations: [Revocation], now: Int64) {
    for keyName in Set(revocations.map(\.keyName)) { sweep(keyName, now: now) }
    for revocation in revocations { insert(revocation.target, of: revocation.keyName, revocation.entry) }
  }

  /// Whether a token is refused.
  func isRevoked(_ bearer: Bearer, at now: Int64) -> Bool { revocation(of: bearer, at: now) != nil }

  /// What a token is refused by; `nil` for one that is not revoked.
  func revocation(of bearer: Bearer, at now: Int64) -> Entry? {
    guard let targets = entries[bearer.keyName] else { return nil }
    func entry(_ kind: RevocationTarget.Kind, _ value: String?) -> Entry? {
      guard let value, let entries = targets[RevocationTarget(kind, value)] else { return nil }
      return entries.first { bearer.issued < $0.issuedBefore && $0.appliesAt <= now }
    }
    return entry(.clientId, bearer.clientId) ?? entry(.revocationKey, bearer.revocationKey)
      ?? bearer.channels.lazy.compactMap { entry(.channel, $0) }.first
  }
}
