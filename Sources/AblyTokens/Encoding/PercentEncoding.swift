/// Percent-encoding (RFC 3986).
package enum PercentEncoding {
  /// A text as a value in a query: whatever is not unreserved is escaped.
  package static func component(_ text: String) -> String {
    if text.utf8.allSatisfy(isUnreserved) { return text }
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count * 3)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        encoded.append(byte)
      } else {
        encoded.append(contentsOf: [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 0x0F)])
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// A text as one segment of a path. A segment of dots alone would otherwise mean another path.
  package static func segment(_ text: String) -> String {
    switch text {
    case ".": "%2E"
    case "..": "%2E%2E"
    default: component(text)
    }
  }

  /// Names and values as a query, or as the body of a form.
  package static func form(_ fields: some Sequence<(name: String, value: String)>) -> String {
    fields.map { name, value in "\(component(name))=\(component(value))" }.joined(separator: "&")
  }

  /// The text of one path segment; `nil` for a broken escape, or bytes that are not UTF-8.
  package static func decode(_ text: some StringProtocol) -> String? {
    decode(text.utf8, plus: UInt8(ascii: "+"))
  }

  /// The text of a name or value in a query, where forms write a space as `+`; `nil` as ``decode(_:)``.
  package static func decodeForm(_ text: some StringProtocol) -> String? {
    decode(text.utf8, plus: UInt8(ascii: " "))
  }

  private static func decode(_ text: some Collection<UInt8>, plus: UInt8) -> String? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
          return nil
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+"): bytes.append(plus)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
