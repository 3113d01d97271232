internal import AblyTokens

/// Writes a frame in JSON.
struct JSONSink: FrameSink {
  private(set) var bytes: [UInt8] = []
  private var isBehindValue = false

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  static var carriesBytes: Bool { false }

  private mutating func beginValue() {
    if isBehindValue { bytes.append(UInt8(ascii: ",")) }
    isBehindValue = true
  }

  private mutating func begin(_ bracket: UInt8) {
    beginValue()
    bytes.append(bracket)
    isBehindValue = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    isBehindValue = true
  }

  mutating func beginMap() -> FrameMark {
    begin(UInt8(ascii: "{"))
    return FrameMark()
  }

  mutating func endMap(_ mark: FrameMark) { end(UInt8(ascii: "}")) }

  mutating func beginArray(_ count: Int) { begin(UInt8(ascii: "[")) }

  mutating func endArray() { end(UInt8(ascii: "]")) }

  mutating func name(_ name: StaticString) {
    beginValue()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    endName()
  }

  mutating func name(_ name: String) {
    text(name)
    endName()
  }

  private mutating func endName() {
    bytes.append(UInt8(ascii: ":"))
    isBehindValue = false
  }

  mutating func text(_ text: String) {
    beginValue()
    JSONText.appendString(text, to: &bytes)
  }

  /// In base64, which needs no escapes.
  mutating func binary(_ bytes: [UInt8]) {
    text(Base64.standard.encode(bytes))
  }

  mutating func integer(_ value: Int64) {
    beginValue()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func tree(_ value: JSONValue) {
    beginValue()
    value.append(to: &bytes)
  }
}
