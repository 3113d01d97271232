/// Writes wire text once, into memory of a size known beforehand.
///
/// Signing is dominated by two SHA-256 blocks, so growing arrays and intermediate strings would show. Whoever
/// opens a writer states an upper bound for what it will write; passing it is a bug here and never a matter of
/// input, and stops the program rather than writing beyond the memory.
struct WireWriter: ~Copyable {
  private let memory: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  /// How much ``onStack(_:)`` lends.
  static let stackCapacity = 1024

  /// Lends memory on the stack to `body`.
  @inline(__always)
  static func onStack<Result>(_ body: (inout WireWriter) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { memory in
      var writer = WireWriter(memory: memory)
      return body(&writer)
    }
  }

  /// Makes an array of what `body` writes, at most `capacity` bytes.
  @inline(__always)
  static func bytes(_ capacity: Int, _ body: (inout WireWriter) -> Void) -> [UInt8] {
    // Copied from the stack, a usual text costs less than with the standard library's uninitialised array.
    if capacity <= stackCapacity {
      return onStack { writer in
        body(&writer)
        return Array(writer.written)
      }
    }
    return [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      var writer = WireWriter(memory: memory)
      body(&writer)
      count = writer.count
    }
  }

  private init(memory: UnsafeMutableBufferPointer<UInt8>) {
    self.memory = memory
  }

  /// What has been written.
  var written: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<count])
  }

  /// The next `size` bytes, for the caller to fill.
  @inline(__always)
  mutating func claim(_ size: Int) -> UnsafeMutableBufferPointer<UInt8> {
    precondition(size <= memory.count &- count, "the bound of a wire text was too small")
    defer { count &+= size }
    return UnsafeMutableBufferPointer(rebasing: memory[count..<count &+ size])
  }

  /// Gives the last `size` bytes back.
  @inline(__always)
  mutating func release(_ size: Int) { count &-= size }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    claim(1)[0] = byte
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    claim(bytes.count).baseAddress?.update(from: source, count: bytes.count)
  }

  /// Appends bytes and a line feed, with one look at the bound.
  @inline(__always)
  mutating func append(line bytes: UnsafeBufferPointer<UInt8>) {
    let room = claim(bytes.count &+ 1)
    guard let start = room.baseAddress else { return }
    if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
    start[bytes.count] = UInt8(ascii: "\n")
  }

  mutating func append(line text: String) {
    text.withStoredUTF8 { append(line: $0) }
  }

  @inline(__always)
  mutating func append(literal text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ text: String) {
    text.withStoredUTF8 { append($0) }
  }

  /// Appends the text in quotes, escaped as JSON asks.
  mutating func append(json text: String) {
    text.withStoredUTF8 { utf8 in
      let room = claim(JSONText.bound(text))
      let written = JSONText.write(UnsafeRawBufferPointer(utf8), to: UnsafeMutableRawBufferPointer(room))
      release(room.count &- written)
    }
  }

  /// Appends the base64 text of `bytes`.
  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer, in base64: Base64) {
    base64.encode(bytes, into: claim(base64.encodedCount(bytes.count)))
  }
}
