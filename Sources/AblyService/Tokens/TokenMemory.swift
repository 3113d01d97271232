internal import AblyTokens
internal import Synchronization

/// Remembers the tokens that were opened of late: most requests bear one that was borne before, and to open it is
/// most of what its check costs. Whether it has expired or was revoked is asked each time.
final class TokenMemory: Sendable, CustomReflectable {
  private struct Entry {
    let token: OpaqueToken
    /// The one that opened it. Another of its name has not.
    let key: IssuingKey
  }

  private static let maximumCount = 4096
  private static let maximumTextBytes = 1024

  // By the bytes: a token that is merely spelt like another was not opened.
  private let entries = Locked<[[UInt8]: Entry]>([:])

  init() {}

  /// How many there are.
  var count: Int { entries.withLock(\.count) }

  /// What a token said when the key that its name stands for now opened it.
  func recall(_ text: String, apps: AppDirectory) -> (OpaqueToken, IssuingKey)? {
    guard let entry = entries.withLock({ $0[Array(text.utf8)] }),
      apps.find(entry.key.keyName) === entry.key
    else { return nil }
    return (entry.token, entry.key)
  }

  func remember(_ text: String, _ token: OpaqueToken, _ key: IssuingKey) {
    guard text.utf8.count <= Self.maximumTextBytes else { return }
    entries.withLock { entries in
      if entries.count >= Self.maximumCount { entries.removeAll(keepingCapacity: true) }
      entries[Array(text.utf8)] = Entry(token: token, key: key)
    }
  }

  // They are the tokens of others.
  var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
