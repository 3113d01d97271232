internal import AblyTokens

/// Reads a frame in MessagePack.
struct MessagePackSource: FrameSource {
  private let bytes: UnsafeRawBufferPointer
  private let maximumDepth: Int
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  @inline(__always)
  private mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(Unusual) -> Number {
    let size = Number.bitWidth / 8
    guard size <= bytes.count &- position else { throw Unusual() }
    defer { position &+= size }
    return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  private mutating func take(_ count: Int) throws(Unusual) -> UnsafeRawBufferPointer {
    guard count <= bytes.count &- position else { throw Unusual() }
    defer { position &+= count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position &+ count])
  }

  mutating func map() throws(Unusual) -> FrameLevel? {
    switch try number(UInt8.self) {
    case let head where head & 0xF0 == 0x80: FrameLevel(rest: Int(head & 0x0F))
    case 0xDE: FrameLevel(rest: Int(try number(UInt16.self)))
    case 0xDF: FrameLevel(rest: Int(try number(UInt32.self)))
    case 0xC0: nil
    default: throw Unusual()
    }
  }

  mutating func array() throws(Unusual) -> FrameLevel? {
    switch try number(UInt8.self) {
    case let head where head & 0xF0 == 0x90: FrameLevel(rest: Int(head & 0x0F))
    case 0xDC: FrameLevel(rest: Int(try number(UInt16.self)))
    case 0xDD: FrameLevel(rest: Int(try number(UInt32.self)))
    case 0xC0: nil
    default: throw Unusual()
    }
  }

  mutating func name(in level: inout FrameLevel) throws(Unusual) -> UnsafeRawBufferPointer? {
    guard try hasElement(in: &level) else { return nil }
    guard let name = try string(headed: number(UInt8.self)) else { throw Unusual() }
    return name
  }

  mutating func hasElement(in level: inout FrameLevel) throws(Unusual) -> Bool {
    guard level.rest > 0 else { return false }
    level.rest &-= 1
    return true
  }

  /// The bytes of a string; `nil` for another type.
  private mutating func string(headed head: UInt8) throws(Unusual) -> UnsafeRawBufferPointer? {
    switch head {
    case 0xA0...0xBF: try take(Int(head & 0x1F))
    case 0xD9: try take(Int(number(UInt8.self)))
    case 0xDA: try take(Int(number(UInt16.self)))
    case 0xDB: try take(Int(number(UInt32.self)))
    default: nil
    }
  }

  mutating func text(like known: String?) throws(Unusual) -> String? {
    let head = try number(UInt8.self)
    if head == 0xC0 { return nil }
    guard let utf8 = try string(headed: head) else { throw Unusual() }
    return try utf8.text(like: known)
  }

  mutating func integer() throws(Unusual) -> Int64? {
    switch try number(UInt8.self) {
    case let head where head < 0x80: return Int64(head)
    case let head where head >= 0xE0: return Int64(Int8(bitPattern: head))
    case 0xC0: return nil
    case 0xCC: return Int64(try number(UInt8.self))
    case 0xCD: return Int64(try number(UInt16.self))
    case 0xCE: return Int64(try number(UInt32.self))
    case 0xCF:
      guard let value = Int64(exactly: try number(UInt64.self)) else { throw Unusual() }
      return value
    case 0xD0: return Int64(try number(Int8.self))
    case 0xD1: return Int64(try number(Int16.self))
    case 0xD2: return Int64(try number(Int32.self))
    case 0xD3: return try number(Int64.self)
    default: throw Unusual()
    }
  }

  /// Bytes stay bytes: nobody has to make text of them first.
  mutating func data(depth: Int) throws(Unusual) -> MessageData? {
    let start = position
    let head = try number(UInt8.self)
    if let utf8 = try string(headed: head) { return .string(try utf8.text(like: nil)) }
    switch head {
    case 0xC4: return .binary(Array(try take(Int(number(UInt8.self)))))
    case 0xC5: return .binary(Array(try take(Int(number(UInt16.self)))))
    case 0xC6: return .binary(Array(try take(Int(number(UInt32.self)))))
    default:
      position = start
      return try tree(depth: depth).map(MessageData.json)
    }
  }

  mutating func tree(depth: Int) throws(Unusual) -> JSONValue? {
    var reader = MessagePackReader(bytes, maximumDepth: maximumDepth, from: position)
    do throws(ErrorInfo) {
      let value = try reader.value(depth: depth).json
      position = reader.position
      return value == .null ? nil : value
    } catch {
      throw Unusual()
    }
  }

  mutating func end() throws(Unusual) { guard position == bytes.count else { throw Unusual() } }
}
