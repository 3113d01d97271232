extension Capability {
  /// What both capabilities allow: an operation is allowed on a name by the result exactly if it is by both.
  ///
  /// Wildcards count on both sides: `chat:*` and `*:lobby` meet in `chat:lobby`, and `*` among operations
  /// gives way to the operations that the other side lists. The result is in normal form (``normalized``);
  /// the order of the two makes no difference, nor does repeating one. Grouping three differently can leave
  /// different rules, which allow the same.
  ///
  /// Takes time in proportion to the product of the numbers of rules. So may the result: `a1:*`, `a2:*`, …
  /// and `*:b1`, `*:b2`, … have a name in common pair by pair.
  public func intersection(_ other: Capability) -> Capability {
    var grants = GrantCollection()
    for rule in sortedRules {
      for otherRule in other.sortedRules {
        let operations = rule.operations.intersection(otherRule.operations)
        guard !operations.isEmpty, let common = rule.resource.intersection(otherRule.resource) else {
          continue
        }
        grants.add(operations, on: common)
      }
    }
    return grants.capability()
  }

  /// What at least one of the capabilities allows, in normal form.
  public func union(_ other: Capability) -> Capability {
    var grants = GrantCollection()
    for rule in sortedRules + other.sortedRules { grants.add(rule.operations, on: rule.resource) }
    return grants.capability()
  }

  /// The same without what adds nothing.
  ///
  /// Resources are written without channel params, and a rule goes if each of its operations is allowed on a
  /// wider resource too; a rule that has one operation of its own stays as it is.
  public var normalized: Capability { union([:]) }

  /// Whether `other` allows whatever this allows.
  ///
  /// Exact. No rule is covered by several resources that does not fit into one of them, since there are
  /// always more names, qualifiers and operations than the rules mention.
  public func isSubset(of other: Capability) -> Bool {
    let index = GrantIndex(other.sortedRules)
    return sortedRules.allSatisfy { rule in
      !rule.resource.isWellFormed
        || rule.operations.isSubset(of: index.operations(around: rule.resource, strictly: false))
    }
  }

  /// Whether both allow the same, however their rules are written.
  public func isEquivalent(to other: Capability) -> Bool {
    isSubset(of: other) && other.isSubset(of: self)
  }
}
