/// The latest messages of one channel, oldest first.
struct ChannelLog: Sendable {
  /// The most messages a channel keeps.
  static let maximumCount = 10_000

  /// The most memory a channel's messages take, in bytes.
  static let maximumWeight = 16 << 20

  private var kept: [StoredMessage] = []
  private var start = 0
  private var weight = 0
  private var serialsById: [String: String] = [:]
  private var lastDropped: String?

  var messages: ArraySlice<StoredMessage> { kept[start...] }

  /// The serial of the message that was published under this id, as long as it is kept.
  func serial(ofId id: String) -> String? { serialsById[id] }

  /// Whether everything after this serial is kept.
  func isWhole(after serial: String) -> Bool { lastDropped.map { $0 <= serial } ?? true }

  /// What came after this serial, oldest first.
  func messages(after serial: String) -> ArraySlice<StoredMessage> {
    var low = start
    var high = kept.count
    while low < high {
      let middle = (low + high) / 2
      if kept[middle].serial > serial { high = middle } else { low = middle + 1 }
    }
    return kept[low...]
  }

  /// Appends a message; the oldest ones go where the channel holds too much.
  mutating func append(_ message: StoredMessage) {
    kept.append(message)
    weight += message.weight
    serialsById[message.id] = message.serial
    while messages.count > Self.maximumCount || weight > Self.maximumWeight { dropOldest() }
  }

  private mutating func dropOldest() {
    weight -= kept[start].weight
    serialsById[kept[start].id] = nil
    lastDropped = kept[start].serial
    start += 1
    // Moving the rest once per thousands keeps appending at constant cost.
    if start > kept.count / 2 {
      kept.removeFirst(start)
      start = 0
    }
  }
}
