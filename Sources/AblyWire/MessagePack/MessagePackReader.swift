internal import AblyTokens

/// Reads MessagePack. It takes no more memory than the bytes can mean, however they lie about it.
struct MessagePackReader {
  /// How many values a document may hold. A byte can be a value, and a value takes much more memory than that.
  static let maximumCount = 1 << 20

  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private var count = 0
  private let maximumDepth: Int

  /// - Parameters:
  ///   - maximumDepth: how deep values may lie within each other, as in JSON.
  ///   - position: where to begin.
  init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int, from position: Int = 0) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.position = position
  }

  /// Reads one document, which must be all there is.
  mutating func document() throws(ErrorInfo) -> MessagePackValue {
    let value = try value(depth: 0)
    guard position == bytes.count else { throw Self.malformed("there are bytes after its end") }
    return value
  }

  /// Reads a value that lies in so many arrays and maps.
  mutating func value(depth: Int) throws(ErrorInfo) -> MessagePackValue {
    count += 1
    guard count <= Self.maximumCount else {
      throw Self.malformed("it holds more than \(Self.maximumCount) values")
    }
    let head = try integer(UInt8.self)
    switch head {
    case 0x00...0x7F: return .integer(Int64(head))
    case 0x80...0x8F: return try map(Int(head & 0x0F), depth)
    case 0x90...0x9F: return try array(Int(head & 0x0F), depth)
    case 0xA0...0xBF: return .string(try text(Int(head & 0x1F)))
    case 0xE0...0xFF: return .integer(Int64(Int8(bitPattern: head)))
    case 0xC0: return .null
    case 0xC2: return .bool(false)
    case 0xC3: return .bool(true)
    case 0xC4...0xC6: return .binary(try take(try length(head - 0xC4)))
    case 0xC7...0xC9: return try custom(try length(head - 0xC7))
    case 0xCA: return .double(Double(Float(bitPattern: try integer(UInt32.self))))
    case 0xCB: return .double(Double(bitPattern: try integer(UInt64.self)))
    case 0xCC...0xD3: return try number(head)
    case 0xD4...0xD8: return try custom(1 << Int(head - 0xD4))
    case 0xD9...0xDB: return .string(try text(try length(head - 0xD9)))
    case 0xDC...0xDD: return try array(try length(head - 0xDC + 1), depth)
    case 0xDE...0xDF: return try map(try length(head - 0xDE + 1), depth)
    default: throw Self.malformed("it holds the type 0xC1, which there is not")
    }
  }

  private mutating func number(_ head: UInt8) throws(ErrorInfo) -> MessagePackValue {
    switch head {
    case 0xCC: return .integer(Int64(try integer(UInt8.self)))
    case 0xCD: return .integer(Int64(try integer(UInt16.self)))
    case 0xCE: return .integer(Int64(try integer(UInt32.self)))
    case 0xCF:
      let number = try integer(UInt64.self)
      return Int64(exactly: number).map(MessagePackValue.integer) ?? .large(number)
    case 0xD0: return .integer(Int64(try integer(Int8.self)))
    case 0xD1: return .integer(Int64(try integer(Int16.self)))
    case 0xD2: return .integer(Int64(try integer(Int32.self)))
    default: return .integer(try integer(Int64.self))
    }
  }

  private mutating func array(_ count: Int, _ depth: Int) throws(ErrorInfo) -> MessagePackValue {
    try enter(depth, count)
    var elements: [MessagePackValue] = []
    elements.reserveCapacity(min(count, 1024))
    for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
    return .array(elements)
  }

  private mutating func map(_ count: Int, _ depth: Int) throws(ErrorInfo) -> MessagePackValue {
    try enter(depth, count * 2)
    var members: [String: MessagePackValue] = [:]
    members.reserveCapacity(min(count, 1024))
    for _ in 0..<count {
      guard case .string(let name) = try value(depth: depth + 1) else {
        throw Self.malformed("a name in a map is not a string")
      }
      guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
        throw Self.malformed("a map holds a name twice")
      }
    }
    return .map(members)
  }

  /// Refuses what lies too deep, and what claims more values than there are bytes.
  private func enter(_ depth: Int, _ count: Int) throws(ErrorInfo) {
    guard depth < maximumDepth else {
      throw Self.malformed("it is nested deeper than \(maximumDepth) levels")
    }
    guard count <= bytes.count - position else { throw Self.truncated }
  }

  private mutating func custom(_ count: Int) throws(ErrorInfo) -> MessagePackValue {
    let type = try integer(Int8.self)
    return .custom(type: type, try take(count))
  }

  private mutating func text(_ count: Int) throws(ErrorInfo) -> String {
    guard count <= bytes.count - position else { throw Self.truncated }
    let utf8 = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw Self.malformed("a string in it is not UTF-8")
    }
    position += count
    return text
  }

  private mutating func take(_ count: Int) throws(ErrorInfo) -> [UInt8] {
    guard count <= bytes.count - position else { throw Self.truncated }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// A length of 1, 2 or 4 bytes.
  private mutating func length(_ width: UInt8) throws(ErrorInfo) -> Int {
    switch width {
    case 0: Int(try integer(UInt8.self))
    case 1: Int(try integer(UInt16.self))
    default: Int(try integer(UInt32.self))
    }
  }

  private mutating func integer<Number: FixedWidthInteger>(_: Number.Type) throws(ErrorInfo) -> Number {
    let size = Number.bitWidth / 8
    guard size <= bytes.count - position else { throw Self.truncated }
    defer { position += size }
    return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  private static let truncated = malformed("it ends too early")

  private static func malformed(_ why: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "the MessagePack is malformed: \(why)")
  }
}
