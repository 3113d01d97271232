public import AblyTokens

extension MessagePackValue {
  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: the whole document.
  ///   - maximumDepth: how many arrays and maps may lie in each other.
  /// - Throws: 40000 for bytes that are not one MessagePack document, a name in a map that is not a string or
  ///   comes twice, text that is not UTF-8, too many levels, and more than 1 048 576 values.
  public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64) throws(ErrorInfo) {
    let bytes = Array(bytes)
    let result = bytes.withUnsafeBytes { bytes -> Result<MessagePackValue, ErrorInfo> in
      var reader = MessagePackReader(bytes, maximumDepth: maximumDepth)
      do throws(ErrorInfo) { return .success(try reader.document()) } catch { return .failure(error) }
    }
    self = try result.get()
  }

  /// The bytes, each value in its shortest form, names sorted.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(0xC0)
    case .bool(let value): bytes.append(value ? 0xC3 : 0xC2)
    case .integer(let value): bytes.append(messagePack: value)
    case .large(let value): bytes.append(0xCF, bigEndian: value)
    case .double(let value): bytes.append(0xCB, bigEndian: value.bitPattern)
    case .string(let text):
      bytes.append(count: text.utf8.count, fix: (0xA0, 32), heads: (0xD9, 0xDA, 0xDB))
      bytes.append(contentsOf: text.utf8)
    case .binary(let data):
      bytes.append(count: data.count, fix: nil, heads: (0xC4, 0xC5, 0xC6))
      bytes.append(contentsOf: data)
    case .array(let elements):
      bytes.append(count: elements.count, fix: (0x90, 16), heads: (nil, 0xDC, 0xDD))
      for element in elements { element.append(to: &bytes) }
    case .map(let members):
      bytes.append(count: members.count, fix: (0x80, 16), heads: (nil, 0xDE, 0xDF))
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        MessagePackValue.string(name).append(to: &bytes)
        value.append(to: &bytes)
      }
    case .custom(let type, let data):
      switch data.count {
      case 1, 2, 4, 8, 16: bytes.append(0xD4 + UInt8(data.count.trailingZeroBitCount))
      default: bytes.append(count: data.count, fix: nil, heads: (0xC7, 0xC8, 0xC9))
      }
      bytes.append(UInt8(bitPattern: type))
      bytes.append(contentsOf: data)
    }
  }
}

extension [UInt8] {
  /// Appends a whole number in its shortest form.
  mutating func append(messagePack value: Int64) {
    switch value {
    case 0..<0x80, -32..<0: append(UInt8(truncatingIfNeeded: value))
    case 0x80...0xFF: append(0xCC, bigEndian: UInt8(value))
    case 0x100...0xFFFF: append(0xCD, bigEndian: UInt16(value))
    case 0x1_0000...0xFFFF_FFFF: append(0xCE, bigEndian: UInt32(value))
    case 0x1_0000_0000...: append(0xCF, bigEndian: UInt64(value))
    case -0x80 ..< -32: append(0xD0, bigEndian: Int8(value))
    case -0x8000 ..< -0x80: append(0xD1, bigEndian: Int16(value))
    case -0x8000_0000 ..< -0x8000: append(0xD2, bigEndian: Int32(value))
    default: append(0xD3, bigEndian: value)
    }
  }

  fileprivate mutating func append(_ head: UInt8, bigEndian value: some FixedWidthInteger) {
    append(head)
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// Appends a length: within the head where it is small, else behind the head of its width.
  mutating func append(
    count: Int, fix: (head: UInt8, limit: Int)?, heads: (UInt8?, UInt8, UInt8)
  ) {
    if let fix, count < fix.limit { return append(fix.head | UInt8(count)) }
    if count <= UInt8.max, let head = heads.0 { return append(head, bigEndian: UInt8(count)) }
    // Nothing that fits in memory and travels is longer than four bytes can say.
    if count <= UInt16.max { return append(heads.1, bigEndian: UInt16(count)) }
    append(heads.2, bigEndian: UInt32(clamping: count))
  }
}
