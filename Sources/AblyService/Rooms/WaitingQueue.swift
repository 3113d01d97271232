/// Connections that wait for their clients, in the order in which those left.
struct WaitingQueue: Sendable {
  /// One that has come back, or is over, stays until its turn comes.
  private struct Entry: Sendable {
    let connectionId: String
    let end: Int64
  }

  private var entries: [Entry] = []
  private var start = 0

  /// How many entries there are, those of connections that do not wait any more included.
  var count: Int { entries.count - start }

  /// - Parameter end: until when it waits; `nil` for one that does not.
  mutating func add(_ connectionId: String, until end: Int64?) {
    if let end { entries.append(Entry(connectionId: connectionId, end: end)) }
  }

  /// Takes out the one that has waited for the longest time.
  ///
  /// - Parameter isWaiting: whether a connection still waits until then.
  mutating func takeFirst(where isWaiting: (_ connectionId: String, _ end: Int64) -> Bool) -> String? {
    while start < entries.count {
      let entry = entries[start]
      start += 1
      // Once half of them have gone: that keeps taking at constant cost on average.
      if start > entries.count / 2 {
        entries.removeFirst(start)
        start = 0
      }
      if isWaiting(entry.connectionId, entry.end) { return entry.connectionId }
    }
    return nil
  }

  /// Lets go of those that do not wait any more.
  mutating func sweep(where isWaiting: (_ connectionId: String, _ end: Int64) -> Bool) {
    entries = entries[start...].filter { isWaiting($0.connectionId, $0.end) }
    start = 0
  }
}
