/// The latest messages of one channel, oldest first.
struct ChannelLog: Sendable {
  /// The most messages a channel keeps.
  static let maximumCount = 10_000

  /// The most memory a channel's messages take, in bytes.
  static let maximumWeight = 16 << 20

  private var kept: [StoredMessage] = []
  private var start = 0
  private var weight = 0
  private var serialsById: [MessageName: String] = [:]

  /// A message as its publisher knows it.
  private struct MessageName: Hashable {
    let id: String
    let publisher: String
  }
  private var lastDropped: String?

  /// A log of a channel whose messages up to a serial are not kept.
  init(after lastDropped: String? = nil) {
    self.lastDropped = lastDropped
  }

  /// What it takes in memory, roughly.
  var totalWeight: Int { weight }

  /// The serial of the latest message; `nil` where there is none.
  var latestSerial: String? { messages.last?.serial }

  var messages: ArraySlice<StoredMessage> { kept[start...] }

  /// The serial of the message that this publisher published under this id, as long as it is kept.
  func serial(ofId id: String, by publisher: String) -> String? {
    serialsById[MessageName(id: id, publisher: publisher)]
  }

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
  ///
  /// - Returns: by how much ``totalWeight`` has changed.
  @discardableResult
  mutating func append(_ message: StoredMessage) -> Int {
    let before = weight
    kept.append(message)
    weight += message.weight
    serialsById[MessageName(id: message.id, publisher: message.publisher)] = message.serial
    while kept.count - start > Self.maximumCount || weight > Self.maximumWeight { dropOldest() }
    return weight - before
  }

  private mutating func dropOldest() {
    weight -= kept[start].weight
    serialsById[MessageName(id: kept[start].id, publisher: kept[start].publisher)] = nil
    lastDropped = kept[start].serial
    start += 1
    // Moving the rest once per thousands keeps appending at constant cost.
    if start > kept.count / 2 {
      kept.removeFirst(start)
      start = 0
    }
  }
}
