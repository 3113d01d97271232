/// A strict RFC 8259 reader over bytes a peer chose.
///
/// Foundation's decoder hides three things this protocol needs: the literal text of a number (it is
/// signed), a repeated member name (two readers would disagree about a capability), and bounds on the depth
/// and the number of values. Nothing here echoes the input, which may hold a secret.
package struct JSONReader {
  /// How many values and member names a document may hold. A value takes many times the memory of its text.
  static let maximumCount = 1 << 20

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var count = 0
  private let maximumDepth: Int
  private let maximumCount: Int

  /// Reads one document and nothing after it.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumCount: Int = maximumCount
  ) throws(ErrorInfo) -> JSONValue {
    var reader = JSONReader(bytes, maximumDepth: maximumDepth, maximumCount: maximumCount)
    let value = try reader.value(depth: 0)
    guard reader.isAtEnd() else { throw reader.malformed("text after the end of the document") }
    return value
  }

  /// Begins to read a document, for those who take it apart themselves.
  ///
  /// - Parameter bytes: must outlive the reader.
  package init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.init(bytes, maximumDepth: maximumDepth, maximumCount: Self.maximumCount)
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumCount: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.maximumCount = maximumCount
  }

  /// The next byte; `nil` at the end.
  package var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Whether nothing but space is left.
  package mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == bytes.count
  }

  private func malformed(_ what: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "malformed JSON at byte \(position): \(what)")
  }

  package mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Whether this byte comes next, which is then behind.
  package mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func countOne() throws(ErrorInfo) {
    count += 1
    guard count <= maximumCount else { throw malformed("more than \(maximumCount) values") }
  }

  /// Reads a value, and the space before it.
  ///
  /// - Parameter depth: in how many arrays and objects it lies.
  package mutating func value(depth: Int) throws(ErrorInfo) -> JSONValue {
    try countOne()
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try keyword("true", .bool(true))
    case UInt8(ascii: "f"): return try keyword("false", .bool(false))
    case UInt8(ascii: "n"): return try keyword("null", .null)
    case nil: throw malformed("the document ends where a value should be")
    default: return .number(try number())
    }
  }

  private mutating func keyword(_ word: StaticString, _ value: JSONValue) throws(ErrorInfo) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[offset]) else { throw malformed("not a JSON value") }
    }
    return value
  }

  private func enter(_ depth: Int) throws(ErrorInfo) {
    guard depth <= maximumDepth else { throw malformed("nested deeper than \(maximumDepth) levels") }
  }

  private mutating func array(depth: Int) throws(ErrorInfo) -> JSONValue {
    try enter(depth)
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw malformed("expected , or ] in an array") }
    }
  }

  private mutating func object(depth: Int) throws(ErrorInfo) -> JSONValue {
    try enter(depth)
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw malformed("expected a member name") }
      try countOne()
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw malformed("expected : after a member name") }
      guard members.updateValue(try value(depth: depth), forKey: name) == nil else {
        throw malformed("a member name is repeated")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw malformed("expected , or } in an object") }
    }
  }

  private mutating func digits() -> Bool {
    let start = position
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position > start
  }

  private mutating func number() throws(ErrorInfo) -> JSONNumber {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let leadingZero = current == UInt8(ascii: "0")
    let whole = position
    guard digits() else { throw malformed("not a JSON value") }
    guard !leadingZero || position == whole + 1 else { throw malformed("a number starts with a zero") }
    if take(UInt8(ascii: ".")) {
      guard digits() else { throw malformed("a number ends at its decimal point") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() else { throw malformed("a number ends at its exponent") }
    }
    return JSONNumber(unchecked: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  /// A string as it lies in the document, without its quotes, where nothing in it is escaped; otherwise nothing is
  /// read. Nobody has looked whether it is UTF-8.
  package mutating func plainString() -> UnsafeBufferPointer<UInt8>? {
    guard current == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    let end = nextSpecial(from: start)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
    position = end + 1
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  /// The place of the next quote, backslash or control character; the end where there is none.
  private func nextSpecial(from start: Int) -> Int {
    var place = start
    let raw = UnsafeRawBufferPointer(bytes)
    while place &+ ByteWord.count <= bytes.count {
      let word = ByteWord(raw, at: place)
      let found =
        word.places(of: UInt8(ascii: "\"")) | word.places(of: UInt8(ascii: "\\")) | word.controls
      if found != 0 { return place &+ found.trailingZeroBitCount / 8 }
      place &+= ByteWord.count
    }
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return place }
      place &+= 1
    }
    return place
  }

  /// Reads a string, which must come next.
  package mutating func string() throws(ErrorInfo) -> String {
    let start = position + 1
    position = nextSpecial(from: start)
    switch current {
    case UInt8(ascii: "\""):
      let string = try text(bytes[start..<position])
      position += 1
      return string
    case UInt8(ascii: "\\"): return try escapedString(from: start)
    case nil: throw malformed("a string has no end")
    default: throw malformed("a control character stands in a string")
    }
  }

  private func text(_ utf8: some Collection<UInt8>) throws(ErrorInfo) -> String {
    guard let text = String(validating: utf8, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
    return text
  }

  private mutating func escapedString(from start: Int) throws(ErrorInfo) -> String {
    var unescaped = Array(bytes[start..<position])
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(unescaped)
      case UInt8(ascii: "\\"): try escape(into: &unescaped)
      case 0..<0x20: throw malformed("a control character stands in a string")
      default:
        let end = nextSpecial(from: position)
        unescaped.append(contentsOf: bytes[position - 1..<end])
        position = end
      }
    }
    throw malformed("a string has no end")
  }

  private mutating func escape(into unescaped: inout [UInt8]) throws(ErrorInfo) {
    guard let byte = current else { throw malformed("a string has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"): unescaped.append(contentsOf: String(try unicodeEscape()).utf8)
    default: throw malformed("an unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(ErrorInfo) -> Unicode.Scalar {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw malformed("half of a surrogate pair")
    }
    let second = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw malformed("half of a surrogate pair") }
    return scalar
  }

  private mutating func fourHexDigits() throws(ErrorInfo) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw malformed("\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}
