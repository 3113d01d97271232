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

  /// Whether this is one of the 64 digits.
  func holds(_ digit: UInt8) -> Bool { value(of: digit) != nil }

  private func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case digits.utf8Start[62]: 62
    case digits.utf8Start[63]: 63
    default: nil
    }
  }

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
    var body = Array(text)
    if padded {
      guard body.count % 4 == 0 else { return nil }
      for _ in 0..<2 where body.last == UInt8(ascii: "=") { body.removeLast() }
    }
    guard body.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    for digit in body {
      guard let value = value(of: digit) else { return nil }
      bits = (bits << 6 | UInt32(value)) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bits & ((1 << UInt32(count)) - 1) == 0 ? bytes : nil
  }
}
