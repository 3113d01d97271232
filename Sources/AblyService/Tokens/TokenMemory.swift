internal import AblyTokens

/// Remembers the tokens that were opened of late: most requests bear one that was borne before, and to open it is
/// most of what its check costs. Whether it has expired or was revoked is asked each time.
final class TokenMemory: Sendable, CustomReflectable {
  private struct Entry {
    let token: OpaqueToken
    /// The one that opened it. Another of its name has not.
    let key: IssuingKey
  }

  private let entries = RecentTexts<Entry>(maximumCount: 4096)

  init() {}

  /// How many there are.
  var count: Int { entries.count }

  /// What a token said when the key that its name stands for now opened it.
  func recall(_ text: String, apps: AppDirectory) -> (OpaqueToken, IssuingKey)? {
    guard let entry = entries.recall(text), apps.find(entry.key.keyName) === entry.key else { return nil }
    return (entry.token, entry.key)
  }

  func remember(_ text: String, _ token: OpaqueToken, _ key: IssuingKey) {
    entries.remember(text, Entry(token: token, key: key))
  }

  /// Lets go of what a key opened that is no longer known.
  func forget(_ key: IssuingKey) { entries.forget { $0.key === key } }

  // They are the tokens of others.
  var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
