/// A name that a decision is asked about, with its bracket read once for all the rules.
struct QualifiedName {
  let utf8: UnsafeBufferPointer<UInt8>
  let bracket: Qualifier

  init(_ utf8: UnsafeBufferPointer<UInt8>) {
    self.utf8 = utf8
    bracket = Qualifier(of: utf8)
  }
}

extension Capability.Resource {
  /// Whether the resource covers a channel, queue or metachannel of this name.
  ///
  /// The name may carry the bracket it is attached with, such as `[meta]log` or `[?rewind=1]chat`. A `*` in a
  /// name is an ordinary character. A name that is empty or whose bracket cannot be read is covered by
  /// nothing, not by `[*]*` either.
  public func matches(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { matches(QualifiedName($0)) }
  }

  @inline(__always)
  func matches(_ name: QualifiedName) -> Bool {
    utf8.withUnsafeBufferPointer { pattern in
      coversKind(of: name, pattern) && Self.pattern(pattern[bracket.end...], matches: name)
    }
  }

  @inline(__always)
  private func coversKind(of name: QualifiedName, _ pattern: UnsafeBufferPointer<UInt8>) -> Bool {
    switch (bracket.kind, name.bracket.kind) {
    case (.flawed, _), (_, .flawed): false
    case (.every, _), (.channel, .channel): true
    case (.word, .word): pattern[bracket.word].elementsEqual(name.utf8[name.bracket.word])
    default: false
    }
  }

  // One walk over both texts, whatever they hold: no backtracking, nothing allocated.
  @inline(__always)
  private static func pattern(
    _ pattern: Slice<UnsafeBufferPointer<UInt8>>, matches name: QualifiedName
  ) -> Bool {
    var position = pattern.startIndex
    var nameAt = name.bracket.end
    var segmentBegins = true
    while position < pattern.endIndex {
      let byte = pattern[position]
      if segmentBegins, byte == UInt8(ascii: "*") {
        if position + 1 == pattern.endIndex { return true }
        if pattern[position + 1] == UInt8(ascii: ":") {
          while nameAt < name.utf8.endIndex, name.utf8[nameAt] != UInt8(ascii: ":") { nameAt += 1 }
          position += 1
          segmentBegins = false
          continue
        }
      }
      guard nameAt < name.utf8.endIndex, name.utf8[nameAt] == byte else { return false }
      segmentBegins = byte == UInt8(ascii: ":")
      position += 1
      nameAt += 1
    }
    return nameAt == name.utf8.endIndex
  }
}
