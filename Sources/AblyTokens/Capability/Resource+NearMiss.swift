// These look at a name that the resource does not match, to explain why. Each walks the texts a fixed number
// of times, since both may be a peer's.
extension Capability.Resource {
  /// Whether what stands behind the brackets matches, and one of the two is a channel.
  func matchesButForKind(_ name: String) -> Bool {
    var name = name
    let kind = name.withUTF8 { Qualifier(of: $0).kind }
    return isWellFormed && (kind == .channel) != (bracket.kind == .channel) && matchesBehindBracket(name)
  }

  /// Whether what stands behind the brackets matches.
  func matchesBehindBracket(_ name: String) -> Bool {
    var name = name
    let rest = name.withUTF8 { String(decoding: $0[Qualifier(of: $0).end...], as: UTF8.self) }
    return Self(utf8: Array(pattern)).matches(rest)
  }

  /// Whether the name is what stands before a `*` at the end.
  func matchesWithoutLastWildcard(_ name: String) -> Bool {
    utf8.suffix(2).elementsEqual(":*".utf8) && Self(utf8: utf8.dropLast(2)).matches(name)
  }

  /// Whether the name begins and ends as the resource does around its stars, one of which is part of a longer
  /// segment.
  func matchesAroundStars(_ name: String) -> Bool {
    let star = UInt8(ascii: "*")
    guard hasInnerStar, let first = pattern.firstIndex(of: star), let last = pattern.lastIndex(of: star)
    else { return false }
    return name.utf8.starts(with: utf8[..<first]) && Self.name(name, endsWith: utf8[(last + 1)...])
  }

  private var hasInnerStar: Bool {
    guard isWellFormed else { return false }
    return pattern.split(separator: UInt8(ascii: ":"))
      .contains { $0.count > 1 && $0.contains(UInt8(ascii: "*")) }
  }

  /// Whether the name has more segments, and agrees before the first wildcard and after the last.
  func matchesAroundWildcards(_ name: String) -> Bool {
    guard isWellFormed, let first = inner(first: true), let last = inner(first: false) else { return false }
    return name.utf8.starts(with: utf8[..<first.range.lowerBound])
      && Self.name(name, endsWith: utf8[last.range.upperBound...])
      && name.utf8.count { $0 == UInt8(ascii: ":") } > pattern.count { $0 == UInt8(ascii: ":") }
  }

  private static func name(_ name: String, endsWith end: ArraySlice<UInt8>) -> Bool {
    name.utf8.reversed().starts(with: end.reversed())
  }

  /// The first or the last wildcard that is not at the end.
  private func inner(first: Bool) -> Segment? {
    var found: Segment?
    var segment = segment(at: bracket.end)
    while !segment.isLast {
      if segment.isWildcard, !first || found == nil { found = segment }
      segment = self.segment(at: segment.next)
    }
    return found
  }
}
