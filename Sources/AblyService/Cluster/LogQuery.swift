/// Which events of one channel are asked for. Bounds are included.
package struct LogQuery: Sendable, Hashable {
  /// The channel's mark.
  package let room: String

  /// Messages or presence.
  package let kind: LogEvent.Kind

  /// Whether the latest are asked for, where there are too many.
  package let isBackwards: Bool

  package let limit: Int

  /// In milliseconds since 1970.
  package let times: ClosedRange<Int64>

  /// Places in the log.
  package let sequences: ClosedRange<Int64>

  /// Puts them together.
  package init(
    room: String, kind: LogEvent.Kind, isBackwards: Bool, limit: Int, times: ClosedRange<Int64>,
    sequences: ClosedRange<Int64>
  ) {
    self.room = room
    self.kind = kind
    self.isBackwards = isBackwards
    self.limit = limit
    self.times = times
    self.sequences = sequences
  }
}
