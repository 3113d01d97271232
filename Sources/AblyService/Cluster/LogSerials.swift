/// Serials of what stands in a shared log, the same on every node:
///
///     01700000000123-0000000000000042@3f9ac2d1b0:002
///
/// That is time and sequence of the place, the log, and the place within one publish.
struct LogSerials: Sendable, Hashable {
  let log: String

  private static let lastIndex = MessageDraft.maximumPublishCount - 1

  func serial(_ position: LogPosition, at index: Int) -> String {
    "\(Self.padded(position.time, 14))-\(Self.padded(position.sequence, 16))@\(log):\(Self.padded(Int64(index), 3))"
  }

  /// A serial for the moment after a place: what stands there is not greater, what comes after it is.
  func mark(_ position: LogPosition) -> String { serial(position, at: Self.lastIndex) }

  /// Whether a serial has the form of this log's.
  func made(_ serial: String) -> Bool { sequence(of: serial) != nil }

  /// The sequence of the place that a serial stands for; `nil` for a serial of another form.
  func sequence(of serial: String) -> Int64? {
    guard serial.utf8.count == 14 + 1 + 16 + 1 + log.utf8.count + 1 + 3,
      serial.dropFirst(31).hasPrefix("@\(log):")
    else { return nil }
    return Int64(serial.dropFirst(15).prefix(16))
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
