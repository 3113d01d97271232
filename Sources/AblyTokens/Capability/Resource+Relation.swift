extension Capability.Resource {
  /// How the names that two resources cover lie to each other.
  enum Relation {
    case disjoint, equal, inside, around
    /// Each covers names that the other does not, and some are covered by both.
    case crossing

    fileprivate init(inside: Bool, around: Bool) {
      switch (inside, around) {
      case (true, true): self = .equal
      case (true, false): self = .inside
      case (false, true): self = .around
      case (false, false): self = .crossing
      }
    }
  }

  /// Whether every name that `other` covers is covered by this resource too.
  ///
  /// Exact. A resource that is not well formed covers nothing, so everything contains it.
  public func contains(_ other: Capability.Resource) -> Bool {
    if !other.isWellFormed { return true }
    switch relation(to: other) {
    case .equal, .around: return true
    case .disjoint, .inside, .crossing: return false
    }
  }

  /// The resource that covers exactly the names that both cover; `nil` when there are none.
  ///
  /// One resource is always enough: `chat:*` and `*:lobby` have `chat:lobby` in common. It is written without
  /// channel params, so the order of the two does not show.
  public func intersection(_ other: Capability.Resource) -> Capability.Resource? {
    switch relation(to: other) {
    case .disjoint: nil
    case .equal, .inside: plain
    case .around: other.plain
    case .crossing: crossing(with: other)
    }
  }

  func relation(to other: Capability.Resource) -> Relation {
    guard isWellFormed, other.isWellFormed, sharesKind(with: other) else { return .disjoint }
    var inside = bracket.kind != .every || other.bracket.kind == .every
    var around = other.bracket.kind != .every || bracket.kind == .every
    var (mine, theirs) = (segment(at: bracket.end), other.segment(at: other.bracket.end))
    while !mine.isOpenEnded, !theirs.isOpenEnded {
      guard mine.isLast == theirs.isLast else { return .disjoint }
      if mine.isWildcard != theirs.isWildcard {
        if mine.isWildcard { inside = false } else { around = false }
      } else if !mine.isWildcard, !utf8[mine.range].elementsEqual(other.utf8[theirs.range]) {
        return .disjoint
      }
      if mine.isLast { return Relation(inside: inside, around: around) }
      (mine, theirs) = (segment(at: mine.next), other.segment(at: theirs.next))
    }
    return Relation(inside: inside && theirs.isOpenEnded, around: around && mine.isOpenEnded)
  }

  private func sharesKind(with other: Capability.Resource) -> Bool {
    if bracket.kind == .every || other.bracket.kind == .every { return true }
    return utf8[bracket.word].elementsEqual(other.utf8[other.bracket.word])
  }

  // Takes the narrower of each pair of segments; behind an open end, all that the other one says.
  private func crossing(with other: Capability.Resource) -> Capability.Resource {
    var result = bracket.kind == .every ? other.plainPrefix : plainPrefix
    var (mine, theirs) = (segment(at: bracket.end), other.segment(at: other.bracket.end))
    while !mine.isOpenEnded, !theirs.isOpenEnded, !mine.isLast {
      result += mine.isWildcard ? other.utf8[theirs.range] : utf8[mine.range]
      result.append(UInt8(ascii: ":"))
      (mine, theirs) = (segment(at: mine.next), other.segment(at: theirs.next))
    }
    result += mine.isOpenEnded ? other.utf8[theirs.range.lowerBound...] : utf8[mine.range.lowerBound...]
    return Self(utf8: result)
  }
}
