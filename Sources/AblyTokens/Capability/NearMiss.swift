extension Capability {
  /// A resource that does not match a name although one could think so.
  public struct NearMiss: Sendable, Hashable {
    /// What keeps a resource from matching.
    public enum Reason: Sendable, Hashable, CaseIterable {
      /// They look the same and are spelled with different characters, such as é as one or as two.
      case otherCharacters
      /// Only upper and lower case differ.
      case otherCase
      /// The `*` at the end wants a segment of its own: `chat:*` does not cover `chat`.
      case nothingUnderWildcard
      /// The `*` stands beside other characters and is one of them: `foo*` does not cover `food`.
      case wildcardInSegment
      /// A `*` in the middle stands for one segment: `foo:*:baz` does not cover `foo:a:b:baz`.
      case wildcardIsOneSegment
      /// It ends earlier and not in a `*`: `chat` does not cover `chat:lobby`.
      case endsEarlier
      /// The rest would match, but one is a channel and the other is not: `*` covers no `[meta]log`.
      case otherKind
      /// The resource's bracket cannot be read, so that it matches nothing: `[filter=x]chat`.
      case unreadable
    }

    /// The resource.
    public let resource: Resource
    /// What keeps it from matching.
    public let reason: Reason

    /// The most telling near miss; `nil` where no resource comes close or the name cannot be read.
    init?(of name: String, among resources: [Resource]) {
      var text = name
      if text.withUTF8({ Qualifier(of: $0).flaw }) != nil { return nil }
      for reason in Reason.allCases {
        if let resource = resources.first(where: { reason.keeps($0, from: name) }) {
          self.resource = resource
          self.reason = reason
          return
        }
      }
      return nil
    }
  }
}

extension Capability.NearMiss.Reason {
  /// Whether the resource, which does not match the name, would but for this.
  fileprivate func keeps(_ resource: Capability.Resource, from name: String) -> Bool {
    switch self {
    case .otherCharacters: resource.isWellFormed && resource.text == name
    case .otherCase: Capability.Resource(resource.text.lowercased()).matches(name.lowercased())
    case .nothingUnderWildcard: resource.matchesWithoutLastWildcard(name)
    case .wildcardInSegment: resource.matchesAroundStars(name)
    case .wildcardIsOneSegment: resource.matchesAroundWildcards(name)
    case .endsEarlier: Capability.Resource(utf8: resource.utf8 + ":*".utf8).matches(name)
    case .otherKind: resource.matchesButForKind(name)
    case .unreadable: !resource.isWellFormed && resource.matchesBehindBracket(name)
    }
  }
}
