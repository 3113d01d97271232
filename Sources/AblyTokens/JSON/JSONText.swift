/// Writing JSON strings as bytes.
package enum JSONText {
  /// Appends `text` in quotes, escaping what RFC 8259 says must be escaped and nothing else.
  package static func appendString(_ text: String, to bytes: inout [UInt8]) {
    text.withStoredUTF8 { utf8 in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bound(text)) { memory in
        let count = write(UnsafeRawBufferPointer(utf8), to: UnsafeMutableRawBufferPointer(memory))
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: memory[..<count]))
      }
    }
  }

  /// How much memory ``write(_:to:)`` needs for `text`: two quotes, `\u001f` for a control character, two
  /// bytes for any other.
  @inline(__always)
  static func bound(_ text: String) -> Int {
    // A look at a short text costs more than the room that it saves.
    let mayHoldControls = text.utf8.count <= 128 || text.withStoredUTF8 { $0.reduce(.max, min) < 0x20 }
    return text.utf8.count * (mayHoldControls ? 6 : 2) + 2
  }

  /// Writes `utf8` in quotes to memory of at least the size that ``bound(_:)`` tells, and gives the count.
  static func write(_ utf8: UnsafeRawBufferPointer, to memory: UnsafeMutableRawBufferPointer) -> Int {
    memory[0] = UInt8(ascii: "\"")
    var read = 0
    var written = 1
    while read &+ ByteWord.count <= utf8.count {
      let word = ByteWord(utf8, at: read)
      if isPlain(word) {
        memory.storeBytes(of: word.bits.littleEndian, toByteOffset: written, as: UInt64.self)
        written &+= 8
        read &+= 8
      } else if word.controls == 0 {
        written &+= write(word, to: memory, at: written)
        read &+= 8
      } else {
        for _ in 0..<8 { escape(utf8, &read, to: memory, &written) }
      }
    }
    let last = utf8.count &- ByteWord.count
    if read < utf8.count, last >= 0, read &+ 1 == written, isPlain(ByteWord(utf8, at: last)) {
      // Nothing had to be escaped: the last eight bytes, of which some are there already.
      memory.storeBytes(
        of: ByteWord(utf8, at: last).bits.littleEndian, toByteOffset: last &+ 1, as: UInt64.self)
      written = utf8.count &+ 1
    } else {
      while read < utf8.count { escape(utf8, &read, to: memory, &written) }
    }
    memory[written] = UInt8(ascii: "\"")
    return written + 1
  }

  /// The top bit of each byte that is a quote or a backslash.
  @inline(__always)
  private static func specials(in word: ByteWord) -> UInt64 {
    word.places(of: UInt8(ascii: "\"")) | word.places(of: UInt8(ascii: "\\"))
  }

  @inline(__always)
  private static func isPlain(_ word: ByteWord) -> Bool { specials(in: word) | word.controls == 0 }

  /// Writes eight bytes that are no control characters, and gives the count. Without a branch: a capability
  /// has a quote at every fifth byte, and where, no processor guesses.
  @inline(__always)
  private static func write(_ word: ByteWord, to memory: UnsafeMutableRawBufferPointer, at start: Int) -> Int
  {
    // Backslashes everywhere, then each byte at its place: its own index and the number of bytes to be escaped
    // up to it, which the product adds up. There is room, since two bytes were reckoned for each.
    memory.storeBytes(
      of: SIMD16(repeating: UInt8(ascii: "\\")), toByteOffset: start, as: SIMD16<UInt8>.self)
    let places = (specials(in: word) &>> 7) &* ByteWord(repeating: 1).bits &+ 0x0706_0504_0302_0100
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      memory[start &+ Int(places &>> shift & 0xFF)] = UInt8(truncatingIfNeeded: word.bits &>> shift)
    }
    return Int(places &>> 56) &+ 1
  }

  /// Writes one byte, escaped if it must be.
  @inline(__always)
  private static func escape(
    _ utf8: UnsafeRawBufferPointer, _ read: inout Int, to memory: UnsafeMutableRawBufferPointer,
    _ written: inout Int
  ) {
    let byte = utf8[read]
    read += 1
    if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      memory[written] = UInt8(ascii: "\\")
      written += 1
    }
    memory[written] = byte
    written += 1
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
