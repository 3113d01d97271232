/// A place in the order of a shared log.
package struct LogPosition: Sendable, Hashable, Comparable {
  /// Counts what was appended.
  package let sequence: Int64

  /// When it was appended, in milliseconds since 1970. Never less than that of an earlier place.
  package let time: Int64

  /// Puts the two together.
  package init(sequence: Int64, time: Int64) {
    self.sequence = sequence
    self.time = time
  }

  /// Before everything.
  package static let start = LogPosition(sequence: 0, time: 0)

  package static func < (left: LogPosition, right: LogPosition) -> Bool { left.sequence < right.sequence }
}
