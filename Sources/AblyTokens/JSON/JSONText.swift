/// Writing JSON strings as bytes.
package enum JSONText {
  /// Appends `text` in quotes, escaping what RFC 8259 says must be escaped and nothing else.
  package static func appendString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      if utf8.contains(where: needsEscape) {
        for byte in utf8 { appendEscaped(byte, to: &bytes) }
      } else {
        bytes.append(contentsOf: utf8)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
    guard needsEscape(byte) else { return bytes.append(byte) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 6) { escaped in
      guard let start = escaped.baseAddress else { return }
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: escape(byte, into: start) - start))
    }
  }

  /// Writes the escape of a byte, at most six characters, and gives the place behind it.
  @inline(__always)
  static func escape(_ byte: UInt8, into text: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    text[0] = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text[1] = byte
    case 0x0A: text[1] = UInt8(ascii: "n")
    case 0x0D: text[1] = UInt8(ascii: "r")
    case 0x09: text[1] = UInt8(ascii: "t")
    default:
      text[1] = UInt8(ascii: "u")
      text[2] = UInt8(ascii: "0")
      text[3] = UInt8(ascii: "0")
      text[4] = hexDigit(byte >> 4)
      text[5] = hexDigit(byte & 15)
      return text + 6
    }
    return text + 2
  }

  static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
