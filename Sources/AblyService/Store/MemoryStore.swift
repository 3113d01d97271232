public import AblyTokens
internal import Synchronization

/// A store that lasts as long as the process. Services of one process that share it are nodes of one
/// cluster.
public final class MemoryStore: ServiceStore, PromptStore {
  private struct State {
    var keys: [String: StoredKey] = [:]
    var revocations: Set<Revocation> = []
    var replays = ReplayGuard()
    var followers: [Int: AsyncStream<StoreChange>.Continuation] = [:]
    var lastFollower = 0

    var contents: StoreContents {
      StoreContents(keys: Array(keys.values), revocations: Array(revocations))
    }

    func tell(_ change: StoreChange) {
      for follower in followers.values { follower.yield(change) }
    }
  }

  /// Whether several services use it.
  public let isShared: Bool

  private let state = Locked(State())
  let memoryLog = MemoryLog()

  /// A store that holds nothing.
  ///
  /// - Parameter isShared: whether several services will use it; each then has to run
  ///   ``ServiceCore/followStore()``.
  public init(isShared: Bool = false) {
    self.isShared = isShared
  }

  /// All keys, and the revocations that can still matter.
  public func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents {
    var contents = state.withLock(\.contents)
    contents.revocations.removeAll { !$0.canMatter(at: now) }
    return contents
  }

  /// The key of this name.
  public func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    state.withLock { $0.keys[keyName] }
  }

  /// Keeps keys.
  ///
  /// - Throws: 40000 for the name of a key that there is and that is not to be replaced.
  public func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
    try state.withLock { (state) throws(ErrorInfo) in
      var all = state.keys
      for key in keys {
        let name = key.key.key.keyName
        guard all.updateValue(key, forKey: name) == nil || replacing else { throw .keyExists(name) }
      }
      state.keys = all
      state.tell(.saved(keys))
    }
  }

  /// Forgets the keys of an app.
  public func remove(app appId: String) async throws(ErrorInfo) {
    state.withLock { state in
      state.keys = state.keys.filter { $0.value.key.key.appId != appId }
      state.tell(.removed(app: appId))
    }
  }

  /// Forgets one key.
  public func remove(key keyName: String) async throws(ErrorInfo) {
    state.withLock { state in
      state.keys[keyName] = nil
      state.tell(.removedKey(keyName))
    }
  }

  /// Asks about a nonce and uses it.
  public func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
    verdict(on: use, at: now)
  }

  /// The same, returned.
  package func admit(
    _ use: NonceUse, at now: Int64, later: @escaping @Sendable (Result<NonceVerdict, ErrorInfo>) -> Void
  ) -> NonceVerdict? {
    verdict(on: use, at: now)
  }

  private func verdict(on use: NonceUse, at now: Int64) -> NonceVerdict {
    state.withLock { $0.replays.admit(use.mark, timestamp: use.timestamp, now: now) }
  }

  /// Keeps revocations, and lets go of those that have not mattered for an hour.
  public func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
    state.withLock { state in
      state.revocations = state.revocations.filter { !$0.canBeSwept(at: now) }.union(revocations)
      state.tell(.revoked(revocations))
    }
  }

  /// Tells what other services of this process change, until the task is cancelled.
  public func follow(_ apply: @escaping @Sendable (StoreChange) -> Void) async throws(ErrorInfo) {
    let (changes, continuation) = AsyncStream.makeStream(of: StoreChange.self)
    let id = state.withLock { state in
      continuation.yield(.contents(state.contents))
      state.lastFollower += 1
      state.followers[state.lastFollower] = continuation
      return state.lastFollower
    }
    for await change in changes { apply(change) }
    state.withLock { $0.followers[id] = nil }
  }
}
