extension Capability {
  /// ``intersection(_:)`` for capabilities of which a peer wrote one: patterns are compared pair by pair only as
  /// long as these are few, and what else the two have in common is looked up.
  ///
  /// - Parameter maximumPairs: the most pairs of patterns to compare.
  /// - Returns: `nil` where that would be more, and this capability is not a part of the other.
  package func intersection(_ other: Capability, comparing maximumPairs: Int) -> Capability? {
    if sortedRules.count * other.sortedRules.count <= maximumPairs { return intersection(other) }
    if isSubset(of: other) { return normalized }
    guard sortedRules.patternCount * other.sortedRules.patternCount <= maximumPairs else { return nil }
    return looselyIntersected(with: other, crossing: true)
  }

  /// What both allow as far as a rule of one lies within a rule of the other. Never more than
  /// ``intersection(_:)`` allows, and less only where patterns cross, as `chat:*` and `*:lobby` do.
  package func withoutCrossing(_ other: Capability) -> Capability {
    looselyIntersected(with: other, crossing: false)
  }

  private func looselyIntersected(with other: Capability, crossing: Bool) -> Capability {
    var grants = GrantCollection()
    grants.add(sortedRules, within: other.sortedRules)
    grants.add(other.sortedRules, within: sortedRules)
    guard crossing else { return grants.capability() }
    let patterns = other.sortedRules.filter(\.resource.isPattern)
    for rule in sortedRules where rule.resource.isPattern {
      for otherRule in patterns {
        guard let common = rule.resource.intersection(otherRule.resource) else { continue }
        grants.add(rule.operations.intersection(otherRule.operations), on: common)
      }
    }
    return grants.capability()
  }
}

extension [Capability.Rule] {
  fileprivate var patternCount: Int { count { $0.resource.isPattern } }
}

extension Capability.GrantCollection {
  /// Adds of each rule what others allow on all that it covers.
  fileprivate mutating func add(_ rules: [Capability.Rule], within others: [Capability.Rule]) {
    let index = GrantIndex(others)
    for rule in rules where rule.resource.isWellFormed {
      let around = index.operations(around: rule.resource, strictly: false)
      add(rule.operations.intersection(around), on: rule.resource)
    }
  }
}
