internal import AblyService
internal import AblyTokens

/// The keys that a service begins with: those of the command line and those of its store.
struct StartingKeys {
  /// The service, with all of them.
  let core: ServiceCore

  /// The keys that the service made, now or when it was first started: nobody else knows them.
  let made: [ServiceKey]

  /// What is worth saying about the others.
  let remarks: [String]

  /// A key that is given takes the place of a stored one of its name. One is made where there is none at all.
  ///
  /// - Parameter removed: the names of stored keys that are forgotten first.
  init(
    given: [ServiceKey], removed: [String] = [], store: any ServiceStore, limits: RealtimeLimits
  ) async throws(ErrorInfo) {
    let unknown = removed.isEmpty ? [] : try await Self.remove(removed, from: store)
    let stored = try await store.contents(at: 0).keys
    var keys = given.map { StoredKey($0, origin: .given) }
    if given.isEmpty, stored.isEmpty { keys = [StoredKey(try ServiceKey.random(), origin: .made)] }
    core = try await ServiceCore(store: store, keys: keys, limits: limits)

    let names = Set(keys.map(\.key.key.keyName))
    let kept = stored.filter { !names.contains($0.key.key.keyName) }
    made = (keys + kept).filter { $0.origin == .made }.map(\.key)
    remarks =
      unknown.map { name in
        "warning: --remove-key \(PeerText.line(name, maximumCount: 64)) has removed nothing: no key of that name is "
          + "stored"
      } + Self.remarks(given: given, stored: stored, kept: kept)
  }

  /// Forgets stored keys, and tells which of them are none. That is no error: the same command line starts the service
  /// again, and other nodes.
  private static func remove(
    _ names: [String], from store: any ServiceStore
  ) async throws(ErrorInfo) -> [String] {
    let stored = Set(try await store.contents(at: 0).keys.map(\.key.key.keyName))
    for name in names { try await store.remove(key: name) }
    return names.filter { !stored.contains($0) }
  }

  private static func remarks(
    given: [ServiceKey], stored: [StoredKey], kept: [StoredKey]
  ) -> [String] {
    var remarks = stored.filter { old in
      given.contains { $0.key.keyName == old.key.key.keyName && $0.key != old.key.key }
    }.map { "the secret of the stored key \($0.key.key.keyName) was replaced by the one given" }
    remarks += stored.filter { old in
      old.key.revocableTokens
        && given.contains { $0.key.keyName == old.key.key.keyName && !$0.revocableTokens }
    }.map {
      "warning: tokens of the stored key \($0.key.key.keyName) could be revoked, and cannot be any more, since it is "
        + "given with --key now: give it with --revocable-key to change that back"
    }
    let silent = kept.filter { $0.origin != .made }.map(\.key.key.keyName).sorted()
    if !silent.isEmpty { remarks.append("keys that were stored: \(silent.joined(separator: ", "))") }
    return remarks
  }
}
