internal import TestSupport
internal import Testing

@testable internal import AblyTokens

@Suite struct BoundedIntersectionTests {
  private static let resources = [
    "a", "a:b", "a:*", "*:b", "*", "a:*:c", "*:b:*", "[meta]a", "[*]*", "[meta]*", "[?rewind=1]a", "[x",
  ]
  private static let operations: [Set<Capability.Operation>] = [
    [.publish], [.publish, .subscribe], [.all], [.history],
  ]

  private func capability(_ generator: inout SeededGenerator) -> Capability {
    var rules: [Capability.Resource: Set<Capability.Operation>] = [:]
    for _ in 0..<Int.random(in: 0...5, using: &generator) {
      let resource = Self.resources.randomElement(using: &generator) ?? "a"
      rules[Capability.Resource(resource)] = Self.operations.randomElement(using: &generator)
    }
    return Capability(rules)
  }

  @Test("what is looked up allows the same as a comparison of each rule with each", arguments: 0..<20)
  func same(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let (left, right) = (capability(&generator), capability(&generator))
      let exact = left.intersection(right)
      let pairs =
        left.sortedRules.count { $0.resource.isPattern }
        * right.sortedRules.count { $0.resource.isPattern }
      if let found = left.intersection(right, comparing: pairs) {
        #expect(found.isEquivalent(to: exact), "\(left) and \(right): \(found) for \(exact)")
      } else {
        Issue.record("\(left) and \(right) have \(pairs) pairs of patterns")
      }
      #expect(left.withoutCrossing(right).isSubset(of: exact), "\(left) and \(right)")
    }
  }

  @Test("nothing comes of more pairs of patterns than may be compared, unless one is a part of the other")
  func bound() {
    let one: Capability = ["a:*": [.publish], "b:*": [.publish]]
    let other: Capability = ["*:c": [.publish], "*:d": [.publish]]
    #expect(one.intersection(other, comparing: 3) == nil)
    #expect(one.intersection(other, comparing: 4) == one.intersection(other))
    #expect(one.withoutCrossing(other).isEmpty)
    #expect(one.intersection(one, comparing: 0) == one)
  }
}
