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

  /// The next publish: its time, and the serials of its messages.
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
    return Publication(timestamp: time, count: count, node: node)
  }

  /// Whether a serial has the form of this node's.
  func made(_ serial: String) -> Bool {
    serial.utf8.count == 14 + 1 + 3 + 1 + node.utf8.count + 1 + 3
      && serial.dropFirst(18).hasPrefix("@\(node):")
  }

  struct Publication: Sendable {
    let timestamp: Int64
    fileprivate let count: Int
    fileprivate let node: String

    func serial(at index: Int) -> String {
      var node = node
      return node.withUTF8 { node in
        String(unsafeUninitializedCapacity: 64 + node.count) { memory in
          var text = SerialText(memory: memory)
          text.append(timestamp, width: 14)
          text.append(UInt8(ascii: "-"))
          text.append(Int64(count), width: 3)
          text.append(UInt8(ascii: "@"))
          for byte in node { text.append(byte) }
          text.append(UInt8(ascii: ":"))
          text.append(Int64(index), width: 3)
          return text.count
        }
      }
    }
  }
}

private struct SerialText {
  let memory: UnsafeMutableBufferPointer<UInt8>
  var count = 0

  mutating func append(_ byte: UInt8) {
    memory[count] = byte
    count += 1
  }

  /// Appends a number that is not negative, with zeros before it up to a width.
  mutating func append(_ number: Int64, width: Int) {
    var (size, rest) = (1, number / 10)
    while rest > 0 { (size, rest) = (size + 1, rest / 10) }
    size = max(size, width)
    rest = number
    for place in stride(from: count + size - 1, through: count, by: -1) {
      memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += size
  }
}
