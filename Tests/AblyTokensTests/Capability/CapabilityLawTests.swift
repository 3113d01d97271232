internal import AblyTokens
internal import Testing

@Suite("Laws of the capability algebra, over generated capabilities")
struct CapabilityLawTests {
  private struct Three: CustomStringConvertible {
    let seed: UInt64
    let (a, b, c): (Capability, Capability, Capability)

    init(seed: UInt64) {
      var generator = CapabilityGenerator(seed: seed)
      self.seed = seed
      (a, b, c) = (generator.capability(), generator.capability(), generator.capability())
    }

    var description: String { "seed \(seed): a = \(a), b = \(b), c = \(c)" }
  }

  @Test("the result allows exactly what both, or either, allow: for every operation and name")
  func pointwise() {
    for three in (0..<50).map(Three.init) {
      let (a, b) = (CapabilityUniverse.answers(of: three.a), CapabilityUniverse.answers(of: three.b))
      let both = zip(a, b).map { $0 && $1 }
      let either = zip(a, b).map { $0 || $1 }
      #expect(CapabilityUniverse.answers(of: three.a.intersection(three.b)) == both, "\(three)")
      #expect(CapabilityUniverse.answers(of: three.a.union(three.b)) == either, "\(three)")
      #expect(CapabilityUniverse.answers(of: three.a.normalized) == a, "\(three)")
      #expect(three.a.isSubset(of: three.b) == (both == a), "\(three)")
      #expect(three.a.isEmpty == !a.contains(true), "\(three)")
    }
  }

  @Test("intersection is idempotent and commutative, and everything is its neutral element")
  func equations() {
    for three in (1_000..<1_600).map(Three.init) {
      let (a, b) = (three.a, three.b)
      let meet = a.intersection(b)
      #expect(meet == b.intersection(a), "\(three)")
      #expect(a.intersection(a) == a.normalized, "\(three)")
      #expect(a.intersection(.everything) == a.normalized, "\(three)")
      #expect(a.intersection([:]) == [:], "\(three)")
      #expect(meet.normalized == meet, "\(three)")
      #expect(meet.intersection(meet) == meet, "\(three)")
      #expect(a.normalized.normalized == a.normalized, "\(three)")
    }
  }

  @Test("intersection is never wider than either side, and associative in what it allows")
  func order() {
    for three in (10_000..<10_300).map(Three.init) {
      let (a, b, c) = (three.a, three.b, three.c)
      let meet = a.intersection(b)
      #expect(meet.isSubset(of: a) && meet.isSubset(of: b), "\(three)")
      #expect(meet.intersection(c).isEquivalent(to: a.intersection(b.intersection(c))), "\(three)")
      #expect(a.isSubset(of: b) == meet.isEquivalent(to: a), "\(three)")
      #expect(
        a.union(b).intersection(c).isEquivalent(to: a.intersection(c).union(b.intersection(c))), "\(three)")
      #expect(a.intersection(a.union(b)).isEquivalent(to: a), "\(three)")
    }
  }

  @Test("no rule of a result is allowed by the others alone")
  func minimal() {
    for three in (20_000..<20_500).map(Three.init) {
      let rules = three.a.intersection(three.b).rules
      for resource in rules.keys {
        let others = Capability(rules.filter { $0.key != resource })
        let rule = Capability(rules.filter { $0.key == resource })
        #expect(!rule.isSubset(of: others), "\(resource) in \(three)")
      }
    }
  }

  @Test("what a result's text says is the result")
  func text() throws {
    for three in (30_000..<30_500).map(Three.init) {
      let meet = three.a.intersection(three.b)
      #expect(try Capability(parsing: meet.canonicalText) == meet, "\(three)")
    }
  }

  @Test("app-wide operations meet as others do, and a decision says what allows says")
  func decisions() {
    for three in (40_000..<40_200).map(Three.init) {
      let meet = three.a.intersection(three.b)
      for operation in CapabilityUniverse.operations {
        let both = three.a.allowsAppWide(operation) && three.b.allowsAppWide(operation)
        #expect(meet.allowsAppWide(operation) == both, "\(operation), \(three)")
        for name in ["a", "a:b", "[queue]b", "[new]c:a"] {
          let decision = three.a.decision(for: operation, on: name)
          #expect(decision.isAllowed == three.a.allows(operation, on: name), "\(name), \(three)")
        }
      }
    }
  }
}
