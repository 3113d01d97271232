public import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension ServiceCore {
  /// A service for the keys of a store and, besides, for these.
  ///
  /// A key that the store has under the same name is replaced by the one given here: its secret, what it may
  /// do and whether its tokens can be revoked. Keys of the store that are not given here stay as they are.
  ///
  /// - Parameters:
  ///   - store: what keeps apps, keys, used nonces and revocations.
  ///   - keys: keys to add to it, or to replace in it.
  ///   - limits: what realtime clients may send.
  ///   - clock: the time it lives by; the system's where none is given.
  /// - Throws: 40000 when two of the given keys have one name; 40003 for a limit that would let nobody in; what
  ///   the store throws.
  public convenience init(
    store: any ServiceStore, keys: [StoredKey] = [], limits: RealtimeLimits = RealtimeLimits(),
    clock: @escaping @Sendable () -> Date = { Date() }
  ) async throws(ErrorInfo) {
    let settings = try RealtimeSettings(limits)
    // Throws for two of one name before the store takes the first.
    _ = try AppDirectory(keys.map(\.key))
    if !keys.isEmpty { try await store.save(keys, replacing: true) }
    try self.init(keys: [], store: store, clock: clock, random: Randomness.system, realtime: settings)
    take(.contents(try await store.contents(at: now)), at: now)
    if store.isShared { revocations.withLock { $0.isComplete = false } }
    try await joinCluster()
  }

  /// Follows what other nodes change in the store, until its task is cancelled. A service whose store is
  /// shared needs it; for any other it waits.
  ///
  /// - Throws: what ``ServiceStore/follow(_:)`` does.
  public func followStore() async throws(ErrorInfo) {
    guard let cluster else { return try await followChanges() }
    let result = await withTaskGroup(of: Result<Void, ErrorInfo>.self) { tasks in
      tasks.addTask { [self] in
        do throws(ErrorInfo) { return .success(try await followChanges()) } catch { return .failure(error) }
      }
      tasks.addTask { [self] in
        do throws(ErrorInfo) { return .success(try await takePart(in: cluster)) } catch {
          return .failure(error)
        }
      }
      let first = await tasks.next() ?? .success(())
      tasks.cancelAll()
      return first
    }
    try result.get()
  }

  private func followChanges() async throws(ErrorInfo) {
    try await store.follow { [weak self] change in
      guard let self else { return }
      take(change, at: now)
    }
  }

  /// Looks for a key that this node has not heard of where other nodes may have brought it.
  ///
  /// - Throws: 50004 when the store cannot say.
  func learnKey(behind request: ServiceRequest, _ route: Route) async throws(ErrorInfo) {
    guard store.isShared else { return }
    try await learnKey(named: Self.keyName(behind: request, route))
  }

  func learnKey(named name: String?) async throws(ErrorInfo) {
    guard store.isShared, let name, name.utf8.count <= KeySearch.maximumNameBytes else { return }
    while apps.find(name) == nil {
      switch try keySearch.begin(name, at: timer.uptime()) {
      case .missing: return
      case .wait: try await keySearch.wait(for: name)
      case .search: try await search(for: name)
      }
    }
  }

  private func search(for name: String) async throws(ErrorInfo) {
    do throws(ErrorInfo) {
      let isFound = try await fetchKey(named: name)
      keySearch.end(name, isFound ? .found : .missing, at: timer.uptime())
    } catch {
      keySearch.end(name, .failed(error), at: timer.uptime())
      throw error
    }
  }

  /// What the store said of a key is old where keys have changed since it was asked: it is asked again then.
  private func fetchKey(named name: String) async throws(ErrorInfo) -> Bool {
    while true {
      let changes = directory.withLock(\.changes)
      guard let key = try await store.key(named: name) else { return false }
      let isCurrent = directory.withLock { [now] directory in
        guard directory.changes == changes else { return false }
        directory.put(key, at: now)
        return true
      }
      if isCurrent { return true }
    }
  }

  private static func keyName(behind request: ServiceRequest, _ route: Route) -> String? {
    if case .requestToken(let name) = route { return name }
    return (try? Credentials(of: request))?.keyName
  }

  /// Brings a change into the node's memory, then tells those who hold live sessions.
  func take(_ change: StoreChange, at now: Int64) {
    switch change {
    case .contents(let contents):
      directory.withLock { $0.replace(with: contents.keys, at: now) }
      revocations.withLock { index in
        index.add(contents.revocations, now: now)
        index.isComplete = true
      }
      tellSessions(of: contents.revocations, at: now)
      realtime.perform { $0.heedKeys(apps, now: now) }
    case .saved(let keys):
      directory.withLock { directory in keys.forEach { directory.put($0, at: now) } }
      realtime.perform { $0.heedKeys(apps, now: now) }
    case .removed(let appId):
      directory.withLock { $0.remove(app: appId) }
      realtime.perform { $0.removeApp(appId, now: now) }
    case .removedKey(let keyName):
      directory.withLock { $0.remove(key: keyName) }
      realtime.perform { $0.heedKeys(apps, now: now) }
    case .revoked(let list):
      revocations.withLock { $0.add(list, now: now) }
      tellSessions(of: list, at: now)
    case .lost: revocations.withLock { $0.isComplete = false }
    }
    changes.tell(change)
  }

  private func tellSessions(of revocations: [Revocation], at now: Int64) {
    guard !revocations.isEmpty else { return }
    realtime.perform { hub in
      for revocation in revocations { hub.revoke(RevocationNotice(revocation), now: now) }
    }
  }

  /// Revokes for good, and on this node at once.
  ///
  /// - Throws: 50004 when the store does not take it; then nothing is revoked.
  func revoke(_ list: [Revocation], at now: Int64) async throws(ErrorInfo) {
    try await store.revoke(list, at: now)
    take(.revoked(list), at: now)
  }

  /// Keeps the keys of a new app.
  ///
  /// - Throws: 42922 where there are too many apps, 50004 when the store does not take them.
  func save(_ keys: [ServiceKey], of appId: String, atMost maximumApps: Int) async throws(ErrorInfo) {
    if apps.count >= maximumApps { try await makeRoomForApp() }
    // Counted and entered in one step; nobody knows the keys before the answer.
    try directory.withLock { directory throws(ErrorInfo) in
      guard directory.count < maximumApps else {
        throw ErrorInfo(.rateLimited, "there are \(maximumApps) apps already: delete some")
      }
      for key in keys { try directory.add(key, origin: .requested, at: now) }
    }
    let stored = keys.map { StoredKey($0, origin: .requested) }
    do throws(ErrorInfo) {
      try await store.save(stored, replacing: false)
    } catch {
      directory.withLock { $0.remove(app: appId) }
      throw error
    }
    take(.saved(stored), at: now)
  }

  /// How long nobody has used an app that makes room for another, in milliseconds.
  private static let idleTime: Int64 = 3_600_000

  /// Forgets the app that a request asked for and that nobody has used for the longest time, an hour at least.
  /// Where the store is shared another node may know of its use.
  ///
  /// - Throws: 50004 when the store cannot forget it.
  private func makeRoomForApp() async throws(ErrorInfo) {
    guard !store.isShared else { return }
    let now = now
    while let appId = apps.idlest(since: now - Self.idleTime) {
      if realtime.perform({ $0.isConnected(app: appId) }) {
        apps.noteUse(of: appId, at: now)
      } else {
        try await store.remove(app: appId)
        return take(.removed(app: appId), at: now)
      }
    }
  }
}
