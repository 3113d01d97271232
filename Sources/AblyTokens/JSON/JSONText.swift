/// Writing JSON strings as bytes.
package enum JSONText {
  /// Appends `text` in quotes, escaping what RFC 8259 says must be escaped and nothing else.
  package static func appendString(_ text: String, to bytes: inout [UInt8]) {
    text.withStoredUTF8 { utf8 in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bound(utf8)) { memory in
        let count = write(UnsafeRawBufferPointer(utf8), to: UnsafeMutableRawBufferPointer(memory))
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: memory[..<count]))
      }
    }
  }

  /// The most bytes that `text` takes in quotes.
  static func bound(_ text: String) -> Int { text.withStoredUTF8(bound) }

  /// The most bytes that `utf8` takes in quotes: `\u001f` for a control character, two bytes for any other.
  static func bound(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    // A minimum has no early exit, so that it takes many bytes at a time.
    let lowest = utf8.reduce(.max, min)
    return utf8.count * (lowest < 0x20 ? 6 : 2) + 2
  }

  /// Writes `utf8` in quotes to memory of at least the size that ``bound(_:)`` tells, and gives the count.
  static func write(_ utf8: UnsafeRawBufferPointer, to memory: UnsafeMutableRawBufferPointer) -> Int {
    memory[0] = UInt8(ascii: "\"")
    var read = 0
    var written = 1
    // Words of eight bytes, each up to the first byte to be escaped. The rest of a word is overwritten by what
    // follows; there is room, since two bytes were reckoned for each that is still to come.
    while read + 8 <= utf8.count {
      let word = UInt64(littleEndian: utf8.loadUnaligned(fromByteOffset: read, as: UInt64.self))
      memory.storeBytes(of: word.littleEndian, toByteOffset: written, as: UInt64.self)
      let plain = plainCount(in: word)
      read += plain
      written += plain
      if plain < 8 { escape(utf8, &read, to: memory, &written) }
    }
    while read < utf8.count { escape(utf8, &read, to: memory, &written) }
    memory[written] = UInt8(ascii: "\"")
    return written + 1
  }

  /// How many bytes, from the lowest, stand before the first one to be escaped.
  @inline(__always)
  private static func plainCount(in word: UInt64) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // The top bit of each byte that is zero, and perhaps of bytes above such a byte.
    func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    let quotes = zeros(word ^ (ones &* UInt64(UInt8(ascii: "\""))))
    let backslashes = zeros(word ^ (ones &* UInt64(UInt8(ascii: "\\"))))
    let controls = (word &- ones &* 0x20) & ~word
    return ((quotes | backslashes | controls) & (ones &* 0x80)).trailingZeroBitCount / 8
  }

  /// Writes one byte, escaped if it must be.
  @inline(__always)
  private static func escape(
    _ utf8: UnsafeRawBufferPointer, _ read: inout Int, to memory: UnsafeMutableRawBufferPointer,
    _ written: inout Int
  ) {
    let byte = utf8[read]
    read += 1
    guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
      memory[written] = byte
      written += 1
      return
    }
    memory[written] = UInt8(ascii: "\\")
    memory[written + 1] = byte
    written += 2
    if byte < 0x20 { written += finish(control: byte, in: memory, at: written - 1) }
  }

  /// Writes what follows the backslash, and gives the count but for the first character.
  private static func finish(control byte: UInt8, in memory: UnsafeMutableRawBufferPointer, at start: Int)
    -> Int
  {
    switch byte {
    case 0x0A: memory[start] = UInt8(ascii: "n")
    case 0x0D: memory[start] = UInt8(ascii: "r")
    case 0x09: memory[start] = UInt8(ascii: "t")
    default:
      memory[start] = UInt8(ascii: "u")
      memory[start + 1] = UInt8(ascii: "0")
      memory[start + 2] = UInt8(ascii: "0")
      memory[start + 3] = hexDigit(byte >> 4)
      memory[start + 4] = hexDigit(byte & 0x0F)
      return 4
    }
    return 0
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}

extension String {
  /// Lends the bytes where they lie, or those of a copy where they do not lie in a row.
  @inline(__always)
  func withStoredUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}
