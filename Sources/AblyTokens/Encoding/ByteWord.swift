/// Eight bytes of a text, the first in the lowest place, looked at all at once.
struct ByteWord {
  /// How many bytes it holds.
  static let count = 8

  let bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  /// The same byte eight times.
  @inline(__always)
  init(repeating byte: UInt8) { bits = 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// The eight bytes from `start` on, which must be there.
  @inline(__always)
  init(_ utf8: UnsafeRawBufferPointer, at start: Int) {
    bits = UInt64(littleEndian: utf8.loadUnaligned(fromByteOffset: start, as: UInt64.self))
  }

  /// The top bit of each byte that is zero.
  @inline(__always)
  var zeros: UInt64 {
    let rest = ByteWord(repeating: 0x7F).bits
    return ~(((bits & rest) &+ rest) | bits | rest)
  }

  /// The top bit of each byte that is `byte`.
  @inline(__always)
  func places(of byte: UInt8) -> UInt64 { ByteWord(bits ^ ByteWord(repeating: byte).bits).zeros }

  /// The top bit of each byte that is a control character of ASCII.
  @inline(__always)
  var controls: UInt64 { ByteWord(bits & ByteWord(repeating: 0xE0).bits).zeros }
}

extension String {
  /// Whether one of two ASCII characters stands in the text.
  func holds(_ first: UInt8, or second: UInt8) -> Bool {
    withStoredUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      let last = bytes.count &- ByteWord.count
      guard last >= 0 else { return bytes.contains { $0 == first || $0 == second } }
      var found: UInt64 = 0
      // The last word begins earlier, so that no byte is left over.
      for start in stride(from: 0, to: bytes.count, by: ByteWord.count) {
        let word = ByteWord(bytes, at: min(start, last))
        found |= word.places(of: first) | word.places(of: second)
      }
      return found != 0
    }
  }
}
