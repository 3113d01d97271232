internal import AblyService
internal import AblyTokens
internal import Synchronization

/// A store that says what it knew of a key when it was asked, but only once it is allowed to.
final class HeldStore: StoreInFront {
  let store = MemoryStore()
  private let count = Locked(0)
  private let (questions, asked) = AsyncStream.makeStream(of: Void.self)
  private let (permissions, allowed) = AsyncStream.makeStream(of: Void.self)

  var isShared: Bool { true }

  /// How often it was asked for a key.
  var calls: Int { count.withLock(\.self) }

  /// Returns when it is asked for a key.
  func waitForQuestion() async { for await _ in questions { return } }

  /// Lets it answer so many times.
  func allow(_ count: Int) { for _ in 0..<count { allowed.yield() } }

  func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    let key = try await store.key(named: keyName)
    count.withLock { $0 += 1 }
    asked.yield()
    for await _ in permissions { break }
    return key
  }
}
