internal import AblyTokens
internal import Testing

@Suite("Resources against each other")
struct ResourceRelationTests {
  private static let meetings: [(Capability.Resource, Capability.Resource, Capability.Resource?)] = [
    ("chat", "chat", "chat"), ("chat", "*", "chat"), ("chat:*", "*:lobby", "chat:lobby"),
    ("a:*", "*:b", "a:b"),
    ("a:*", "*:*", "a:*"), ("*", "a:*:c", "a:*:c"), ("*", "a:*", "a:*"), ("*", "*", "*"),
    ("a:*:c", "*:b:*", "a:b:c"),
    ("a:*", "*:b:*:d", "a:b:*:d"), ("*:*:c", "a:*", "a:*:c"), ("a:*:*", "*:b:*", "a:b:*"),
    ("a", "b", nil), ("a", "a:*", nil), ("a:b", "a:b:c", nil), ("a:*:c", "a:b", nil), ("*:a", "*:b", nil),
    ("foo*", "foobar", nil), ("foo*", "*", "foo*"),
    ("[*]*", "chat:*", "chat:*"), ("[*]*", "[queue]q", "[queue]q"), ("[*]a:*", "*:b", "a:b"),
    ("[*]a:*", "[queue]*:b", "[queue]a:b"), ("[*]a:*", "[*]*:b", "[*]a:b"), ("[*]a", "*", "a"),
    ("*", "[queue]*", nil), ("[queue]*", "[meta]*", nil), ("[*]a", "[queue]b", nil),
    ("[new]*", "[*]*", "[new]*"),
    ("[?]chat", "*", "chat"), ("[?]chat", "[?x=1]chat", "chat"), ("[queue?x]*", "[queue]a:*", "[queue]a:*"),
    ("[meta?x]a:*", "[*]*:b", "[meta]a:b"),
  ]

  @Test("what two resources have in common is one resource or none", arguments: meetings)
  func meeting(left: Capability.Resource, right: Capability.Resource, expected: Capability.Resource?) {
    #expect(left.intersection(right) == expected)
    #expect(right.intersection(left) == expected)
  }

  /// Every resource of up to three segments.
  private static let resources: [Capability.Resource] = {
    var patterns: [[String]] = [[]]
    var all: [String] = []
    for _ in 1...3 {
      patterns = patterns.flatMap { pattern in ["a", "b", "*"].map { pattern + [$0] } }
      all += patterns.map { $0.joined(separator: ":") }
    }
    return ["", "[*]", "[queue]"].flatMap { qualifier in all.map { Capability.Resource(qualifier + $0) } }
  }()

  @Test("matching agrees with the reference for every small resource and name")
  func matching() {
    for resource in Self.resources {
      let expected = CapabilityUniverse.names.map { CapabilityReference.resource(resource.text, matches: $0) }
      #expect(CapabilityUniverse.names(of: resource) == expected, "\(resource)")
    }
  }

  @Test("intersection and containment are exact for every two small resources")
  func exhaustive() {
    let covered = Dictionary(
      uniqueKeysWithValues: Self.resources.map { ($0, CapabilityUniverse.names(of: $0)) })
    let none = CapabilityUniverse.names.map { _ in false }
    for (left, leftNames) in covered {
      for (right, rightNames) in covered {
        let both = zip(leftNames, rightNames).map { $0 && $1 }
        let common = left.intersection(right)
        let commonNames = common.map { covered[$0] ?? CapabilityUniverse.names(of: $0) } ?? none
        #expect(commonNames == both, "\(left) ∩ \(right) gave \(common?.text ?? "nothing")")
        #expect(left.contains(right) == (both == rightNames), "\(left) ⊇ \(right)")
      }
    }
  }
}
