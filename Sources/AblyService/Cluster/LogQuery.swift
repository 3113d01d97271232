/// Which events of one channel are asked for. Bounds are included.
package struct LogQuery: Sendable, Hashable {
  /// The channel's mark.
  package let room: String

  /// Messages or presence.
  package let kind: LogEvent.Kind

  /// Whether the latest are asked for, where there are too many.
  package let isBackwards: Bool

  package let limit: Int

  /// What the events of an answer may take, in bytes, as ``LogEvent/weight`` counts: it ends with the first that goes
  /// beyond, where there is one.
  package let maximumWeight: Int

  /// In milliseconds since 1970.
  package let times: ClosedRange<Int64>

  /// Places in the log.
  package let sequences: ClosedRange<Int64>

  /// Puts them together.
  package init(
    room: String, kind: LogEvent.Kind, isBackwards: Bool, limit: Int, maximumWeight: Int = 4 << 20,
    times: ClosedRange<Int64>, sequences: ClosedRange<Int64>
  ) {
    self.room = room
    self.kind = kind
    self.isBackwards = isBackwards
    self.limit = limit
    self.maximumWeight = maximumWeight
    self.times = times
    self.sequences = sequences
  }

  /// The events of an answer without the one that goes beyond what they may take, and whether there was one.
  func cut(_ events: [LogEvent]) -> (events: ArraySlice<LogEvent>, isCut: Bool) {
    guard events.reduce(0, { $0 + $1.weight }) > maximumWeight else { return (events[...], false) }
    // One is what the page before ended with, perhaps.
    guard events.count > 2 else { return (events[...], true) }
    return (isBackwards ? events.dropFirst() : events.dropLast(), true)
  }
}
