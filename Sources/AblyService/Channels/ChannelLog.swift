internal import AblyTokens

/// The latest messages of one channel, oldest first.
struct ChannelLog: Sendable {
  /// The most messages a channel keeps.
  static let maximumCount = 10_000

  /// The most memory a channel's messages take, in bytes.
  static let maximumWeight = 16 << 20

  private var kept: [StoredMessage] = []
  private var start = 0
  private var weight: Int
  /// Where the message of an id and its publisher stands, by the hash of both; of two that have the same, the later one
  /// does. Nobody can find such two: each process hashes in its own way.
  private var places: [Int: Int] = [:]
  /// How many messages stood before the first of ``kept``.
  private var removed = 0
  private var lastDropped: String?
  /// What of ``weight`` nobody was told of: that of the log itself.
  private var untold: Int

  /// What the log of a channel takes besides its messages, in bytes, roughly.
  static func weight(of channel: ChannelAddress) -> Int { 600 + channel.name.text.utf8.count }

  /// A log of a channel whose messages up to a serial are not kept.
  ///
  /// - Parameter weight: what it takes in memory without any message.
  init(after lastDropped: String? = nil, weight: Int = 0) {
    self.lastDropped = lastDropped
    self.weight = weight
    untold = weight
  }

  /// What it takes in memory, roughly.
  var totalWeight: Int { weight }

  /// The serial of the latest message; `nil` where there is none.
  var latestSerial: String? { messages.last?.serial }

  var messages: ArraySlice<StoredMessage> { kept[start...] }

  /// The serial of the message that is known so, as long as it is kept.
  func serial(of identity: MessageIdentity) -> String? {
    guard let place = places[identity.hash] else { return nil }
    let message = kept[place - removed]
    return message.identity.isSpelt(as: identity) ? message.serial : nil
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
    let before = weight - untold
    untold = 0
    places[message.identity.hash] = removed + kept.count
    kept.append(message)
    weight += message.weight
    while kept.count - start > Self.maximumCount || weight > Self.maximumWeight { dropOldest() }
    return weight - before
  }

  private mutating func dropOldest() {
    let message = kept[start]
    weight -= message.weight
    let hash = message.identity.hash
    if places[hash] == removed + start { places[hash] = nil }
    lastDropped = message.serial
    start += 1
    // Once half of them have gone: that keeps appending at constant cost on average.
    if start > kept.count / 2 {
      kept.removeFirst(start)
      removed += start
      start = 0
    }
  }
}
