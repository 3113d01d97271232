internal import AblyTokens

/// Reads a frame in JSON.
struct JSONSource: FrameSource {
  private var reader: JSONReader

  init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
    reader = JSONReader(bytes.bindMemory(to: UInt8.self), maximumDepth: maximumDepth)
  }

  private mutating func isNull() throws(Unusual) -> Bool {
    reader.skipSpace()
    guard reader.take(UInt8(ascii: "n")) else { return false }
    guard reader.take(UInt8(ascii: "u")), reader.take(UInt8(ascii: "l")), reader.take(UInt8(ascii: "l"))
    else {
      throw Unusual()
    }
    return true
  }

  private mutating func enter(_ bracket: UInt8) throws(Unusual) -> FrameLevel? {
    if try isNull() { return nil }
    guard reader.take(bracket) else { throw Unusual() }
    return FrameLevel()
  }

  mutating func map() throws(Unusual) -> FrameLevel? { try enter(UInt8(ascii: "{")) }

  mutating func array() throws(Unusual) -> FrameLevel? { try enter(UInt8(ascii: "[")) }

  private mutating func hasMore(in level: inout FrameLevel, until bracket: UInt8) throws(Unusual) -> Bool {
    reader.skipSpace()
    if reader.take(bracket) { return false }
    defer { level.isFirst = false }
    guard level.isFirst || reader.take(UInt8(ascii: ",")) else { throw Unusual() }
    return true
  }

  mutating func name(in level: inout FrameLevel) throws(Unusual) -> UnsafeRawBufferPointer? {
    guard try hasMore(in: &level, until: UInt8(ascii: "}")) else { return nil }
    reader.skipSpace()
    guard let name = reader.plainString() else { throw Unusual() }
    reader.skipSpace()
    guard reader.take(UInt8(ascii: ":")) else { throw Unusual() }
    return UnsafeRawBufferPointer(name)
  }

  mutating func hasElement(in level: inout FrameLevel) throws(Unusual) -> Bool {
    try hasMore(in: &level, until: UInt8(ascii: "]"))
  }

  mutating func text(like known: String?) throws(Unusual) -> String? {
    if try isNull() { return nil }
    return try presentText(like: known)
  }

  private mutating func presentText(like known: String?) throws(Unusual) -> String {
    if let plain = reader.plainString() { return try UnsafeRawBufferPointer(plain).text(like: known) }
    guard reader.current == UInt8(ascii: "\"") else { throw Unusual() }
    do throws(ErrorInfo) { return try reader.string() } catch { throw Unusual() }
  }

  mutating func integer() throws(Unusual) -> Int64? {
    if try isNull() { return nil }
    let isNegative = reader.take(UInt8(ascii: "-"))
    var value: Int64 = 0
    var count = 0
    while let byte = reader.current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      _ = reader.take(byte)
      count += 1
      // More digits might not fit.
      guard count <= 18, count == 1 || value != 0 else { throw Unusual() }
      value = value &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
    }
    guard count > 0, !(isNegative && value == 0) else { throw Unusual() }
    switch reader.current {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw Unusual()
    default: return isNegative ? -value : value
    }
  }

  mutating func data(depth: Int) throws(Unusual) -> MessageData? {
    reader.skipSpace()
    if reader.current == UInt8(ascii: "\"") { return .string(try presentText(like: nil)) }
    return try tree(depth: depth).map(MessageData.json)
  }

  mutating func tree(depth: Int) throws(Unusual) -> JSONValue? {
    do throws(ErrorInfo) {
      let value = try reader.value(depth: depth)
      return value == .null ? nil : value
    } catch {
      throw Unusual()
    }
  }

  mutating func end() throws(Unusual) { guard reader.isAtEnd() else { throw Unusual() } }
}
