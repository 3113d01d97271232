internal import AblyService
internal import AblyTokens

/// A store that stands before one in memory, and does what it does unless a test's store does otherwise.
protocol StoreInFront: ServiceStore {
  var store: MemoryStore { get }
}

extension StoreInFront {
  func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents { try await store.contents(at: now) }

  func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    try await store.key(named: keyName)
  }

  func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
    try await store.save(keys, replacing: replacing)
  }

  func remove(app appId: String) async throws(ErrorInfo) { try await store.remove(app: appId) }

  func remove(key keyName: String) async throws(ErrorInfo) { try await store.remove(key: keyName) }

  func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
    try await store.admit(use, at: now)
  }

  func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
    try await store.revoke(revocations, at: now)
  }
}
