extension Capability {
  /// Grants as they come out of an operation on capabilities, to be brought into normal form.
  struct GrantCollection {
    private var grants: [Rule] = []

    /// Adds that `operations` are allowed on `resource`.
    mutating func add(_ operations: OperationSet, on resource: Resource) {
      guard !operations.isEmpty, resource.isWellFormed else { return }
      grants.append(Rule(resource: resource.plain, operations: operations))
    }

    /// The capability that allows just what was added.
    ///
    /// A grant that wider resources allow anyway is left out, each grant for itself and before grants on the
    /// same resource are put together: else `a:*` and `*:b`, where they meet, would add to a rule of `a:b`
    /// what it never said, and an intersection with itself would change a capability.
    func capability() -> Capability {
      let sorted = grants.count > 1 ? grants.sorted { $0.resource < $1.resource } : grants
      let all = Self.merged(sorted)
      let index = GrantIndex(all.filter(\.resource.isPattern))
      if index.isEmpty { return Capability(sortedRules: all) }
      let around = all.map { index.operations(around: $0.resource, strictly: true) }
      var place = 0
      let kept = sorted.filter { grant in
        while all[place].resource != grant.resource { place += 1 }
        return !grant.operations.isSubset(of: around[place])
      }
      return Capability(sortedRules: Self.merged(kept))
    }

    /// One rule a resource, of grants in the order of their resources.
    private static func merged(_ sorted: [Rule]) -> [Rule] {
      var rules: [Rule] = []
      for grant in sorted {
        if let last = rules.last, last.resource == grant.resource {
          rules[rules.count - 1].operations.formUnion(grant.operations)
        } else {
          rules.append(grant)
        }
      }
      return rules
    }
  }
}
