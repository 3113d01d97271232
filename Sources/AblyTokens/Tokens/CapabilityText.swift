/// A capability's text and, right after it in the same memory, the text as a JSON string.
///
/// A backend signs the same few capabilities again and again, and quoting their quotes is the dearest part of
/// writing a token request: here it is done once.
struct CapabilityText: Sendable {
  private let utf8: [UInt8]

  /// How many bytes the plain text has.
  let count: Int

  /// Whether it needs no second look before it is signed, because this package wrote it.
  let isChecked: Bool

  init(_ text: String, isChecked: Bool = false) {
    var utf8 = Array(text.utf8)
    count = utf8.count
    JSONText.appendString(text, to: &utf8)
    self.utf8 = utf8
    self.isChecked = isChecked
  }

  /// The plain text.
  var text: String { String(decoding: utf8[..<count], as: UTF8.self) }

  /// How many bytes the JSON string has.
  var quotedCount: Int { utf8.count - count }
}

extension CapabilityText: Hashable {
  /// Equal texts ask for the same, looked at or not.
  static func == (left: CapabilityText, right: CapabilityText) -> Bool { left.utf8 == right.utf8 }

  func hash(into hasher: inout Hasher) { hasher.combine(utf8) }
}

extension WireWriter {
  /// Appends the plain text and a line feed.
  @inline(__always)
  mutating func append(line capability: CapabilityText) {
    capability.withBytes { plain, _ in append(line: plain) }
  }

  /// Appends the JSON string.
  @inline(__always)
  mutating func append(json capability: CapabilityText) {
    capability.withBytes { _, quoted in append(quoted) }
  }
}

extension CapabilityText {
  @inline(__always)
  fileprivate func withBytes(_ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void) {
    utf8.withUnsafeBufferPointer { bytes in
      body(
        UnsafeBufferPointer(rebasing: bytes[..<count]), UnsafeBufferPointer(rebasing: bytes[count...]))
    }
  }
}
