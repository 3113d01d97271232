extension JSONValue {
  /// Reads a JSON text.
  ///
  /// - Parameters:
  ///   - text: the whole document.
  ///   - maximumDepth: how many arrays and objects may stand inside each other.
  /// - Throws: 40000 for text that is not JSON (RFC 8259), repeats a member name, is nested too deep, or
  ///   holds more than 2^20 values and member names.
  public init(parsing text: String, maximumDepth: Int = 64) throws(ErrorInfo) {
    try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
  }

  /// Reads a JSON text from its UTF-8 bytes.
  ///
  /// - Throws: 40000, as ``init(parsing:maximumDepth:)-(String,_)``, and for bytes that are not UTF-8.
  public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64) throws(ErrorInfo) {
    self = try Array(bytes).withUnsafeBufferPointer { bytes throws(ErrorInfo) in
      try JSONReader.read(bytes, maximumDepth: maximumDepth)
    }
  }

  /// The compact JSON text, members sorted by name.
  public var text: String { String(decoding: utf8, as: UTF8.self) }

  /// The UTF-8 bytes of ``text``.
  public var utf8: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  /// Appends the bytes of ``text``.
  package func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let value): bytes.append(contentsOf: value.literal.utf8)
    case .string(let value): JSONText.appendString(value, to: &bytes)
    case .array(let elements): appendArray(elements, to: &bytes)
    case .object(let members): appendObject(members, to: &bytes)
    }
  }

  private func appendArray(_ elements: [JSONValue], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      element.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private func appendObject(_ members: [String: JSONValue], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.appendString(member.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      member.value.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
