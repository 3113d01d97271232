internal import AblyService
internal import AblyTokens

/// A store that finds every nonce fresh, forgets revocations and removes nothing.
struct CarelessStore: ServiceStore {
  private let store: MemoryStore

  init(_ store: MemoryStore) { self.store = store }

  func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents { try await store.contents(at: now) }

  func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    try await store.key(named: keyName)
  }

  func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
    try await store.save(keys, replacing: replacing)
  }

  func remove(app appId: String) async throws(ErrorInfo) {}

  func remove(key keyName: String) async throws(ErrorInfo) {}

  func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict { .fresh }

  func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {}
}
