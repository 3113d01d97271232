/// Writes wire text once, into memory of a size known beforehand.
///
/// Signing is dominated by two SHA-256 blocks, so growing arrays and intermediate strings would show. Whoever
/// opens a writer states an upper bound for what it will write; passing it is a bug here and never a matter of
/// input, and stops the program rather than writing beyond the memory.
struct WireWriter: ~Copyable {
  private let start: UnsafeMutablePointer<UInt8>
  private var next: UnsafeMutablePointer<UInt8>
  private let end: UnsafeMutablePointer<UInt8>

  /// Lends memory for at most `capacity` bytes to `body`.
  @inline(__always)
  static func withMemory<Result>(_ capacity: Int, _ body: (inout WireWriter) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory in
      guard let start = memory.baseAddress else { preconditionFailure("no memory for a wire text") }
      var writer = WireWriter(start: start, capacity: memory.count)
      return body(&writer)
    }
  }

  /// Makes an array of what `body` writes, at most `capacity` bytes.
  @inline(__always)
  static func bytes(_ capacity: Int, _ body: (inout WireWriter) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      guard let start = memory.baseAddress else { return }
      var writer = WireWriter(start: start, capacity: memory.count)
      body(&writer)
      count = writer.next - start
    }
  }

  @inline(__always)
  private init(start: UnsafeMutablePointer<UInt8>, capacity: Int) {
    self.start = start
    next = start
    end = start + capacity
  }

  /// What has been written.
  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: next - start) }

  /// Room for `size` bytes, which the caller fills.
  @inline(__always)
  private mutating func claim(_ size: Int) -> UnsafeMutablePointer<UInt8> {
    precondition(size <= end - next, "the bound of a wire text was too small")
    defer { next += size }
    return next
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    claim(1).pointee = byte
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    claim(bytes.count).update(from: source, count: bytes.count)
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
    let count = base64.encodedCount(bytes.count)
    base64.encode(bytes, into: UnsafeMutableBufferPointer(start: claim(count), count: count))
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
      // Room for the worst case at once; what was not needed is given back.
      var text = claim(utf8.count * 6)
      for byte in utf8 {
        if JSONText.needsEscape(byte) {
          text = JSONText.escape(byte, into: text)
        } else {
          text.pointee = byte
          text += 1
        }
      }
      next = text
    }
    append(UInt8(ascii: "\""))
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
