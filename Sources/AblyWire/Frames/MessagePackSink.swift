internal import AblyTokens

/// Writes a frame in MessagePack.
struct MessagePackSink: FrameSink {
  private(set) var bytes: [UInt8] = []
  /// How many members the present map has.
  private var count = 0

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  static var carriesBytes: Bool { true }

  mutating func beginMap() -> FrameMark {
    defer { count = 0 }
    bytes.append(0x80)
    return FrameMark(place: bytes.count - 1, count: count)
  }

  mutating func endMap(_ mark: FrameMark) {
    defer { count = mark.count }
    guard count > 15 else {
      bytes[mark.place] |= UInt8(truncatingIfNeeded: count)
      return
    }
    var head: [UInt8] = []
    head.append(count: count, fix: (0x80, 16), heads: (nil, 0xDE, 0xDF))
    bytes.replaceSubrange(mark.place...mark.place, with: head)
  }

  mutating func beginArray(_ count: Int) {
    bytes.append(count: count, fix: (0x90, 16), heads: (nil, 0xDC, 0xDD))
  }

  mutating func endArray() {}

  mutating func name(_ name: StaticString) {
    count += 1
    // No name is as long as would take another head.
    bytes.append(0xA0 | UInt8(truncatingIfNeeded: name.utf8CodeUnitCount))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  mutating func name(_ name: String) {
    count += 1
    text(name)
  }

  mutating func text(_ text: String) {
    bytes.append(count: text.utf8.count, fix: (0xA0, 32), heads: (0xD9, 0xDA, 0xDB))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func binary(_ bytes: [UInt8]) {
    self.bytes.append(count: bytes.count, fix: nil, heads: (0xC4, 0xC5, 0xC6))
    self.bytes.append(contentsOf: bytes)
  }

  mutating func integer(_ value: Int64) { bytes.append(messagePack: value) }

  mutating func tree(_ value: JSONValue) { MessagePackValue(value).append(to: &bytes) }
}
