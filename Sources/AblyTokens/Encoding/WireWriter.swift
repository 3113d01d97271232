/// Writes wire text once, into memory of a size known beforehand.
///
/// Signing is dominated by two SHA-256 blocks, so growing arrays and intermediate strings would show. Whoever
/// opens a writer states an upper bound for what it will write; passing it is a bug here and never a matter of
/// input, and stops the program rather than writing beyond the memory.
struct WireWriter: ~Copyable {
  private let memory: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  /// Lends memory for at most `capacity` bytes to `body`.
  @inline(__always)
  static func withMemory<Result>(_ capacity: Int, _ body: (inout WireWriter) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory in
      var writer = WireWriter(memory: memory)
      return body(&writer)
    }
  }

  /// Makes an array of what `body` writes, at most `capacity` bytes.
  @inline(__always)
  static func bytes(_ capacity: Int, _ body: (inout WireWriter) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      var writer = WireWriter(memory: memory)
      body(&writer)
      count = writer.count
    }
  }

  private init(memory: UnsafeMutableBufferPointer<UInt8>) {
    self.memory = memory
  }

  /// What has been written.
  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<count]) }

  @inline(__always)
  private mutating func claim(_ size: Int) -> UnsafeMutableBufferPointer<UInt8> {
    precondition(size <= memory.count - count, "the bound of a wire text was too small")
    defer { count += size }
    return UnsafeMutableBufferPointer(rebasing: memory[count..<count + size])
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    claim(1)[0] = byte
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    claim(bytes.count).baseAddress?.update(from: source, count: bytes.count)
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ text: String) {
    Self.withUTF8(of: text) { append($0) }
  }

  /// Appends the base64 text of `bytes`.
  mutating func append(_ bytes: UnsafeRawBufferPointer, in base64: Base64) {
    base64.encode(bytes, into: claim(base64.encodedCount(bytes.count)))
  }

  /// The most characters that a number takes.
  static let decimalBound = 21

  mutating func append(decimal value: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.decimalBound) { text in
      var rest = value.magnitude
      var start = Self.decimalBound
      while rest >= 100 {
        start -= 2
        let quotient = rest / 100
        Self.write(pair: Int(truncatingIfNeeded: rest &- quotient &* 100), to: text, at: start)
        rest = quotient
      }
      start -= 2
      Self.write(pair: Int(truncatingIfNeeded: rest), to: text, at: start)
      if rest < 10 { start += 1 }
      if value < 0 {
        start -= 1
        text[start] = UInt8(ascii: "-")
      }
      append(UnsafeBufferPointer(rebasing: text[start...]))
    }
  }

  @inline(__always)
  private static func write(pair: Int, to text: UnsafeMutableBufferPointer<UInt8>, at index: Int) {
    let tens = (pair &* 103) &>> 10
    text[index] = UInt8(truncatingIfNeeded: 48 &+ tens)
    text[index + 1] = UInt8(truncatingIfNeeded: 48 &+ pair &- tens &* 10)
  }

  /// The most bytes that a JSON string takes: every byte as `\u00XX`, and the quotes.
  static func jsonBound(_ text: String) -> Int { text.utf8.count * 6 + 2 }

  mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    Self.withUTF8(of: text) { utf8 in
      var start = 0
      for index in utf8.indices where JSONText.needsEscape(utf8[index]) {
        append(UnsafeBufferPointer(rebasing: utf8[start..<index]))
        append(escaped: utf8[index])
        start = index + 1
      }
      append(UnsafeBufferPointer(rebasing: utf8[start...]))
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    if byte >= 0x20 {
      append(UInt8(ascii: "\\"))
      append(byte)
    } else {
      append("\\u00")
      append(JSONText.hexDigit(byte >> 4))
      append(JSONText.hexDigit(byte & 15))
    }
  }

  @inline(__always)
  private static func withUTF8<Result>(
    of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = text
    return copy.withUTF8(body)
  }
}
