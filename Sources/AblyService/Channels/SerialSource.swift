/// Makes serials: texts whose order is the order of publishing, unlike any other node's.
///
///     01700000000123-007@k3J9xQ2mZb:002
///
/// That is the time in milliseconds, a count within it, the node, and the place within one publish.
struct SerialSource: Sendable {
  private let node: String
  private var time: Int64 = 0
  private var count = 0

  private static let maximumCount = 999

  init(node: String) {
    self.node = node
  }

  /// The next publish: its time, and a prefix for the serials of its messages.
  ///
  /// The time never goes back, whatever the clock does, and runs ahead where one millisecond holds too much:
  /// timestamps and serials have one order.
  mutating func next(at now: Int64) -> Publication {
    if now > time {
      time = now
      count = 0
    } else if count < Self.maximumCount {
      count += 1
    } else {
      time += 1
      count = 0
    }
    return Publication(timestamp: time, prefix: "\(padded(time, 14))-\(padded(count, 3))@\(node)")
  }

  /// Whether a serial has the form of this node's.
  func made(_ serial: String) -> Bool {
    serial.utf8.count == 14 + 1 + 3 + 1 + node.utf8.count + 1 + 3
      && serial.dropFirst(18).hasPrefix("@\(node):")
  }

  struct Publication: Sendable {
    let timestamp: Int64
    fileprivate let prefix: String

    func serial(at index: Int) -> String { "\(prefix):\(padded(index, 3))" }
  }
}

private func padded(_ number: some BinaryInteger, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
