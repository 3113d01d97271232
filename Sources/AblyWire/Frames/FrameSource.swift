internal import AblyTokens

/// What lies in a document is not what usually lies there: whoever reads any document has to look at it.
struct Unusual: Error {}

/// How far a map or an array has been read.
struct FrameLevel {
  /// How many members are left, where the format says so beforehand.
  var rest = 0
  var isFirst = true
}

/// Reads a frame once, from its beginning to its end, and keeps nothing of it.
///
/// It knows the usual alone. At anything else it gives up, so that there is one reader which decides what is wrong
/// with a document, and how it is said.
protocol FrameSource {
  /// Enters a map; `nil` where `null` stands in its place.
  mutating func map() throws(Unusual) -> FrameLevel?

  /// Enters an array; `nil` where `null` stands in its place.
  mutating func array() throws(Unusual) -> FrameLevel?

  /// The name of the next member of a map; `nil` behind the last.
  mutating func name(in level: inout FrameLevel) throws(Unusual) -> UnsafeRawBufferPointer?

  /// Whether another element of an array comes next.
  mutating func hasElement(in level: inout FrameLevel) throws(Unusual) -> Bool

  /// A text; `nil` for `null`.
  ///
  /// - Parameter known: is given instead of making the same text again.
  mutating func text(like known: String?) throws(Unusual) -> String?

  /// A whole number; `nil` for `null`.
  mutating func integer() throws(Unusual) -> Int64?

  /// What a message carries, encoded as its `encoding` says; `nil` for `null`.
  mutating func data(depth: Int) throws(Unusual) -> MessageData?

  /// Any value, in so many arrays and maps; `nil` for `null`.
  mutating func tree(depth: Int) throws(Unusual) -> JSONValue?

  /// Nothing follows.
  mutating func end() throws(Unusual)
}

extension FrameSource {
  mutating func text() throws(Unusual) -> String? { try text(like: nil) }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are those of a name.
  @inline(__always)
  func spells(_ name: StaticString) -> Bool {
    equals(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  @inline(__always)
  fileprivate func equals(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    var place = 0
    while place &+ 8 <= count {
      let word = loadUnaligned(fromByteOffset: place, as: UInt64.self)
      guard word == other.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
      place &+= 8
    }
    while place < count {
      guard self[place] == other[place] else { return false }
      place &+= 1
    }
    return true
  }

  private var isASCII: Bool {
    var bits: UInt64 = 0
    var place = 0
    while place &+ 8 <= count {
      bits |= loadUnaligned(fromByteOffset: place, as: UInt64.self)
      place &+= 8
    }
    while place < count {
      bits |= UInt64(self[place])
      place &+= 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
  }

  /// The text that the bytes are; `known`, where that is the same.
  func text(like known: String?) throws(Unusual) -> String {
    // Short texts take no memory of their own.
    if count > 15, let known, known.utf8.count == count,
      known.utf8.withContiguousStorageIfAvailable({ equals(UnsafeRawBufferPointer($0)) }) == true
    {
      return known
    }
    // For each text, `String(validating:)` looks up what it is generic over, which takes longer than a short one does.
    if isASCII { return String(decoding: self, as: UTF8.self) }
    guard let text = String(validating: self, as: UTF8.self) else { throw Unusual() }
    return text
  }
}
