internal import AblyTokens

/// Writes a frame, member by member. Whoever writes names them in their order.
protocol FrameSink {
  /// Whether the bytes of a message travel as they are (RSL4c1), or in base64 (RSL4d1).
  static var carriesBytes: Bool { get }

  mutating func beginMap() -> FrameMark
  mutating func endMap(_ mark: FrameMark)
  mutating func beginArray(_ count: Int)
  mutating func endArray()
  mutating func name(_ name: StaticString)
  mutating func name(_ name: String)
  mutating func text(_ text: String)
  mutating func binary(_ bytes: [UInt8])
  mutating func integer(_ value: Int64)
  mutating func tree(_ value: JSONValue)
}

extension FrameSink {
  mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    self.name(name)
    self.text(text)
  }

  mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
    guard let value else { return }
    self.name(name)
    integer(Int64(value))
  }

  mutating func member(_ name: StaticString, _ value: JSONValue?) {
    guard let value else { return }
    self.name(name)
    tree(value)
  }
}

/// Where a map began, and what was counted before it.
struct FrameMark {
  var place = 0
  var count = 0
}
