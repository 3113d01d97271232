internal import AblyService
internal import AblyTokens
internal import Synchronization

/// A store that can be told to fail, and counts what it is asked.
final class FailingStore: ServiceStore {
  private let store = MemoryStore()
  private let state = Locked((fails: false, calls: 0))

  var fails: Bool {
    get { state.withLock { $0.fails } }
    set { state.withLock { $0.fails = newValue } }
  }

  var isUsable: Bool { !fails }

  var calls: Int { state.withLock { $0.calls } }

  private func ask() throws(ErrorInfo) {
    let fails = state.withLock { state in
      state.calls += 1
      return state.fails
    }
    if fails { throw .storeUnavailable("the test said so") }
  }

  func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents {
    try ask()
    return try await store.contents(at: now)
  }

  func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    try ask()
    return try await store.key(named: keyName)
  }

  func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
    try ask()
    try await store.save(keys, replacing: replacing)
  }

  func remove(app appId: String) async throws(ErrorInfo) {
    try ask()
    try await store.remove(app: appId)
  }

  func remove(key keyName: String) async throws(ErrorInfo) {
    try ask()
    try await store.remove(key: keyName)
  }

  func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
    try ask()
    return try await store.admit(use, at: now)
  }

  func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
    try ask()
    try await store.revoke(revocations, at: now)
  }
}
