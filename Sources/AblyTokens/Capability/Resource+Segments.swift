extension Capability.Resource {
  /// One part of the pattern between two colons.
  struct Segment {
    let range: Range<Int>
    let isLast: Bool
    /// Whether it is exactly `*`.
    let isWildcard: Bool

    /// Whether it stands for one segment or more.
    var isOpenEnded: Bool { isWildcard && isLast }
    /// Where the next segment begins.
    var next: Int { range.upperBound + 1 }
  }

  @inline(__always)
  func segment(at start: Int) -> Segment {
    var end = start
    while end < utf8.count, utf8[end] != UInt8(ascii: ":") { end += 1 }
    let isWildcard = end == start + 1 && utf8[start] == UInt8(ascii: "*")
    return Segment(range: start..<end, isLast: end == utf8.count, isWildcard: isWildcard)
  }

  /// The same resource as plainly as it can be written: without channel params.
  var plain: Capability.Resource {
    switch bracket.kind {
    case .flawed: self
    case .channel: bracket.end == 0 ? self : Self(utf8: Array(utf8[bracket.end...]))
    case .every, .word: bracket.end == bracket.word.upperBound + 1 ? self : Self(utf8: plainPrefix + pattern)
    }
  }

  var pattern: ArraySlice<UInt8> { utf8[bracket.end...] }

  /// The bracket without params; empty for a channel.
  var plainPrefix: [UInt8] {
    bracket.word.isEmpty ? [] : [UInt8(ascii: "[")] + utf8[bracket.word] + [UInt8(ascii: "]")]
  }

  /// Whether it covers more than one name.
  var isPattern: Bool {
    if bracket.kind == .every { return true }
    var position = bracket.end
    while true {
      let segment = segment(at: position)
      if segment.isWildcard { return true }
      if segment.isLast { return false }
      position = segment.next
    }
  }
}
