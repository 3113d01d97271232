internal import AblyTokens

/// The latest so many of what was appended.
struct Ring: Sendable {
  let capacity: Int
  private var kept: [JSONValue] = []
  private var start = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Oldest first.
  var items: [JSONValue] { Array(kept[start...] + kept[..<start]) }

  mutating func append(_ item: JSONValue) {
    if kept.count < capacity {
      kept.append(item)
    } else {
      kept[start] = item
      start = (start + 1) % capacity
    }
  }
}
