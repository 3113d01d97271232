internal import Testing

@testable internal import AblyTokens

@Suite("Finding what is allowed around a resource")
struct GrantIndexTests {
  @Test("the tree finds what asking each rule finds", arguments: [true, false])
  func agreement(strictly: Bool) {
    for seed: UInt64 in 50_000..<50_300 {
      var generator = CapabilityGenerator(seed: seed)
      let rules = generator.capability().normalized.sortedRules
      let (list, tree) = (GrantIndex(rules), GrantIndex(rules, few: 0))
      for resource in rules.map(\.resource) + (0..<8).map({ _ in generator.resource() }) {
        let found = tree.operations(around: resource, strictly: strictly)
        #expect(
          found == list.operations(around: resource, strictly: strictly),
          "seed \(seed): \(rules), \(resource)")
      }
    }
  }

  @Test("strictly leaves out the resource itself, however it is written")
  func strictly() {
    let rules = Capability(["a:*": [.publish], "a:b": [.history], "*": [.presence], "[*]*": [.stats]])
      .sortedRules
    for index in [GrantIndex(rules), GrantIndex(rules, few: 0)] {
      #expect(index.operations(around: "[?]a:b", strictly: true).sorted == [.presence, .publish, .stats])
      #expect(
        index.operations(around: "a:b", strictly: false).sorted == [.history, .presence, .publish, .stats])
      #expect(index.operations(around: "a:*", strictly: true).sorted == [.presence, .stats])
      #expect(index.operations(around: "[queue]a:*", strictly: true).sorted == [.stats])
      #expect(index.operations(around: "[*]*", strictly: true).isEmpty)
      #expect(index.operations(around: "[broken", strictly: false).isEmpty)
    }
    #expect(GrantIndex([]).isEmpty && !GrantIndex(rules, few: 0).isEmpty)
  }
}
