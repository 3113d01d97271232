/// RFC 4648, both alphabets, on bytes: encoding through strings costs more than the MAC it carries.
package struct Base64: Sendable {
  /// `+` and `/`, with padding: MACs and HTTP headers.
  package static let standard = Base64(
    digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", padded: true)

  /// `-` and `_`, without padding: JWTs, nonces and token strings.
  package static let url = Base64(
    digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", padded: false)

  private let digits: StaticString
  private let padded: Bool

  // Not within the value: it would have to be made before anything is encoded.
  private static let standardValues = standard.table
  private static let urlValues = url.table

  /// What each byte stands for; with the top bit what is no digit.
  private var values: [UInt8] { padded ? Self.standardValues : Self.urlValues }

  private var table: [UInt8] {
    var values = [UInt8](repeating: 0x80, count: 256)
    for value in 0..<64 { values[Int(digits.utf8Start[value])] = UInt8(value) }
    return values
  }

  /// Whether this is one of the 64 digits.
  func holds(_ digit: UInt8) -> Bool { values[Int(digit)] < 64 }

  /// How many characters `count` bytes take.
  package func encodedCount(_ count: Int) -> Int {
    padded ? (count + 2) / 3 * 4 : (count * 4 + 2) / 3
  }

  /// Writes the text of `bytes` to the start of `text`, which must have room for ``encodedCount(_:)``.
  @discardableResult
  @inline(__always)
  package func encode(_ bytes: UnsafeRawBufferPointer, into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let digits = digits.utf8Start
    var read = 0
    var written = 0
    while read &+ 3 <= bytes.count {
      // One load where four bytes lie in a row, which leaves out the last group alone.
      let group =
        read &+ 4 <= bytes.count
        ? UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: read, as: UInt32.self)) &>> 8
        : UInt32(bytes[read]) &<< 16 | UInt32(bytes[read &+ 1]) &<< 8 | UInt32(bytes[read &+ 2])
      text[written] = digits[Int(group &>> 18)]
      text[written &+ 1] = digits[Int(group &>> 12 & 63)]
      text[written &+ 2] = digits[Int(group &>> 6 & 63)]
      text[written &+ 3] = digits[Int(group & 63)]
      read &+= 3
      written &+= 4
    }
    guard read < bytes.count else { return written }
    let second = read + 1 < bytes.count ? UInt32(bytes[read + 1]) : 0
    let group = UInt32(bytes[read]) << 16 | second << 8
    text[written] = digits[Int(group >> 18)]
    text[written + 1] = digits[Int(group >> 12 & 63)]
    written += 2
    if read + 1 < bytes.count {
      text[written] = digits[Int(group >> 6 & 63)]
      written += 1
    }
    while padded, written % 4 != 0 {
      text[written] = UInt8(ascii: "=")
      written += 1
    }
    return written
  }

  /// The text of `bytes`.
  package func encode(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { encode(bytes, into: $0) }
  }

  /// The text of `bytes`.
  package func encode(_ bytes: some Collection<UInt8>) -> String {
    Array(bytes).withUnsafeBytes { encode($0) }
  }

  /// The bytes of `text`; `nil` for a foreign character, a wrong length or padding, or bits that no encoder
  /// would have left behind: one value has exactly one text, so that no second spelling of a token passes.
  package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    if let decoded = text.withContiguousStorageIfAvailable({ decode($0) }) { return decoded }
    return Array(text).withUnsafeBufferPointer { decode($0) }
  }

  private func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var count = text.count
    if padded {
      guard count % 4 == 0 else { return nil }
      for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    }
    guard count % 4 != 1 else { return nil }
    // The top bit of what is no digit; what an encoder would not have left behind.
    var (foreign, left): (UInt8, UInt32) = (0, 0)
    let bytes = [UInt8](unsafeUninitializedCapacity: count * 3 / 4) { memory, size in
      values.withUnsafeBufferPointer { values in
        var (read, bits): (Int, UInt32) = (0, 0)
        while read < count {
          let value = values[Int(text[read])]
          foreign |= value
          bits = bits &<< 6 | UInt32(value & 63)
          read &+= 1
          guard read & 3 == 0 else { continue }
          memory[size] = UInt8(truncatingIfNeeded: bits &>> 16)
          memory[size &+ 1] = UInt8(truncatingIfNeeded: bits &>> 8)
          memory[size &+ 2] = UInt8(truncatingIfNeeded: bits)
          size &+= 3
        }
        switch count & 3 {
        case 2:
          left = bits & 0xF
          memory[size] = UInt8(truncatingIfNeeded: bits &>> 4)
          size &+= 1
        case 3:
          left = bits & 3
          memory[size] = UInt8(truncatingIfNeeded: bits &>> 10)
          memory[size &+ 1] = UInt8(truncatingIfNeeded: bits &>> 2)
          size &+= 2
        default: break
        }
      }
    }
    return foreign & 0x80 == 0 && left == 0 ? bytes : nil
  }
}
