internal import AblyTokens

/// The revocations of all keys, as long as they can matter.
struct RevocationIndex: Sendable {
  /// The longest life of a token that can be revoked, in milliseconds, so older revocations are idle.
  static let longestLife = TokenLifetime.maximumRevocable

  /// Whether it is known to hold what every node revoked. Where it is not, nobody can say of a token that can
  /// be revoked that it was not.
  var isComplete = true

  private var entries: [String: [RevocationTarget: [Entry]]] = [:]

  /// What the revocations of each key take in memory, in bytes, roughly.
  private var weights: [String: Int] = [:]

  /// The latest moment until which all tokens of a key are meant by one of its revocations, as nodes have named it.
  private var latest: [String: Int64] = [:]

  private var sweptAt: Int64?

  /// How long it takes at least until it looks for those that are idle again, in milliseconds.
  private static let sweepInterval: Int64 = 60_000

  /// How many there are.
  var count: Int { entries.values.reduce(0) { $1.values.reduce($0) { $0 + $1.count } } }

  /// Adds a revocation, and lets go of those that have not mattered for an hour.
  mutating func revoke(_ target: RevocationTarget, of keyName: String, _ entry: Entry, now: Int64) {
    sweep(at: now)
    insert(target, of: keyName, entry)
  }

  /// Adds revocations, and lets go of those that have not mattered for an hour.
  mutating func add(_ revocations: [Revocation], now: Int64) {
    sweep(at: now)
    for revocation in revocations { insert(revocation.target, of: revocation.keyName, revocation.entry) }
  }

  /// Those of all keys: one that is gone, or quiet, revokes nothing any more.
  private mutating func sweep(at now: Int64) {
    if let sweptAt, sweptAt <= now, now - sweptAt < Self.sweepInterval { return }
    sweptAt = now
    entries = entries.compactMapValues { targets in
      let alive = targets.compactMapValues { entries in
        let alive = entries.filter { !$0.canBeSwept(at: now) }
        return alive.isEmpty ? nil : alive
      }
      return alive.isEmpty ? nil : alive
    }
    latest = latest.filter { entries[$0.key] != nil }
    weights = entries.mapValues { $0.reduce(0) { $0 + Self.weight(of: $1.key) * $1.value.count } }
  }

  private mutating func insert(_ target: RevocationTarget, of keyName: String, _ entry: Entry) {
    var list = entries[keyName]?[target] ?? []
    let before = list.count
    // One that begins earlier and reaches further makes another idle.
    list.removeAll { entry.includes($0) }
    list.append(entry)
    entries[keyName, default: [:]][target] = list
    if entry.meansAll { latest[keyName] = max(latest[keyName] ?? .min, entry.issuedBefore) }
    weights[keyName, default: 0] += Self.weight(of: target) * (list.count - before)
  }

  /// Until when tokens are meant by a revocation of now that means all: what was issued after an earlier one says so by
  /// that one's time, which a node may have named whose clock is ahead.
  func end(ofAllOf keyName: String, at now: Int64) -> Int64 {
    max(now, latest[keyName].map { $0 < .max ? $0 + 1 : $0 } ?? now)
  }

  // MARK: - What they may take

  /// What the revocations of one key, and all together, may take in memory, in bytes, roughly.
  static let maximumWeightOfKey = 64 << 20
  static let maximumWeight = 256 << 20

  private static func weight(of target: RevocationTarget) -> Int { 160 + target.value.utf8.count }

  /// Looks whether there is room for revocations of one key, once those that do not matter any more are gone.
  ///
  /// - Throws: 42922 where there are too many.
  mutating func checkRoom(
    for revocations: [Revocation], at now: Int64, atMost ofKey: Int = Self.maximumWeightOfKey,
    _ ofAll: Int = Self.maximumWeight
  ) throws(ErrorInfo) {
    sweep(at: now)
    guard let keyName = revocations.first?.keyName else { return }
    let more = revocations.reduce(0) { $0 + Self.weight(of: $1.target) }
    guard (weights[keyName] ?? 0) + more <= ofKey, weights.values.reduce(0, +) + more <= ofAll else {
      throw ErrorInfo(
        .rateLimited, "more is revoked at this moment than can be remembered", statusCode: 429,
        remedy: "Give the key another secret: that ends all of its tokens.")
    }
  }

  // MARK: - Who is meant

  /// Whether a token is refused.
  func isRevoked(_ bearer: Bearer, at now: Int64) -> Bool { revocation(of: bearer, at: now) != nil }

  /// What a token is refused by; `nil` for one that is not revoked.
  func revocation(of bearer: Bearer, at now: Int64) -> Entry? {
    first(about: bearer) { $0.covers(bearer) && $0.begins <= now }
  }

  /// What the service has to write into a token that it issues now, so that it counts as issued after all that was
  /// revoked, by whatever clock; `nil` where nothing like it was.
  func horizon(for bearer: Bearer) -> Int64? {
    var latest: Int64?
    _ = first(about: bearer) { entry in
      if entry.covers(bearer) { latest = max(latest ?? .min, entry.horizon) }
      return false
    }
    return latest
  }

  private func first(about bearer: Bearer, where isMeant: (Entry) -> Bool) -> Entry? {
    guard let targets = entries[bearer.keyName] else { return nil }
    func entry(_ kind: RevocationTarget.Kind, _ value: String?) -> Entry? {
      value.flatMap { targets[RevocationTarget(kind, $0)] }?.first(where: isMeant)
    }
    if let found = entry(.clientId, bearer.clientId) ?? entry(.revocationKey, bearer.revocationKey) {
      return found
    }
    for channel in bearer.channels {
      if let found = entry(.channel, channel) { return found }
    }
    return nil
  }
}
