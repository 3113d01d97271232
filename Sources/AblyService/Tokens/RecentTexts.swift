internal import AblyTokens
internal import Synchronization

/// What the latest texts of peers came to: a bounded number of them, and no long one.
final class RecentTexts<Value: Sendable>: Sendable {
  private static var maximumTextBytes: Int { 1024 }

  // By the bytes: two spellings of a character are equal as texts, and mean different things.
  private let values = Locked<[[UInt8]: Value]>([:])
  private let maximumCount: Int

  init(maximumCount: Int) { self.maximumCount = maximumCount }

  /// How many there are.
  var count: Int { values.withLock(\.count) }

  func recall(_ text: String) -> Value? {
    // A long one is not among them, and costs what it takes to copy it.
    guard text.utf8.count <= Self.maximumTextBytes else { return nil }
    return values.withLock { $0[Array(text.utf8)] }
  }

  /// Lets go of those that `isMeant` names.
  func forget(where isMeant: (Value) -> Bool) {
    values.withLock { values in values = values.filter { !isMeant($0.value) } }
  }

  /// Where there is no room for another, all others go.
  func remember(_ text: String, _ value: Value) {
    guard text.utf8.count <= Self.maximumTextBytes else { return }
    values.withLock { values in
      if values.count >= maximumCount { values.removeAll(keepingCapacity: true) }
      values[Array(text.utf8)] = value
    }
  }
}
