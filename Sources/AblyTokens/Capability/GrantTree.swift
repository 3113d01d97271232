/// Rules by the steps of their resources.
struct GrantTree {
  /// The qualifier, then a segment each.
  private enum Step: Hashable {
    case literal(ArraySlice<UInt8>)
    /// Exactly one segment, or any qualifier.
    case one
    /// One segment or more, at the end.
    case rest
  }

  private struct Node {
    var children: [Step: Int] = [:]
    /// What is allowed on the resource that ends here.
    var operations: Capability.OperationSet?
  }

  private struct Visit {
    let node: Int
    let depth: Int
    /// Whether the way here is the resource's own.
    let isOwn: Bool
  }

  private var nodes = [Node()]

  var isEmpty: Bool { nodes.count == 1 }

  private static func steps(of resource: Capability.Resource) -> [Step] {
    var segment = resource.segment(at: resource.bracket.end)
    var steps = [resource.bracket.kind == .every ? Step.one : .literal(resource.utf8[resource.bracket.word])]
    while !segment.isLast {
      steps.append(segment.isWildcard ? .one : .literal(resource.utf8[segment.range]))
      segment = resource.segment(at: segment.next)
    }
    return steps + [segment.isWildcard ? .rest : .literal(resource.utf8[segment.range])]
  }

  mutating func insert(_ rule: Capability.Rule) {
    guard rule.resource.isWellFormed else { return }
    var node = 0
    for step in Self.steps(of: rule.resource) {
      if let known = nodes[node].children[step] {
        node = known
      } else {
        nodes.append(Node())
        nodes[node].children[step] = nodes.count - 1
        node = nodes.count - 1
      }
    }
    nodes[node].operations = nodes[node].operations?.union(rule.operations) ?? rule.operations
  }

  /// Looks at each node at most once, however many wildcards meet.
  func operations(around resource: Capability.Resource, strictly: Bool) -> Capability.OperationSet {
    var found = Capability.OperationSet()
    guard resource.isWellFormed else { return found }
    let steps = Self.steps(of: resource)
    var pending = [Visit(node: 0, depth: 0, isOwn: true)]

    func follow(_ step: Step, from visit: Visit, ends: Bool, isOwn: Bool) {
      guard let child = nodes[visit.node].children[step] else { return }
      if !ends {
        pending.append(Visit(node: child, depth: visit.depth + 1, isOwn: isOwn))
      } else if !(strictly && isOwn), let operations = nodes[child].operations {
        found.formUnion(operations)
      }
    }

    while let visit = pending.popLast() {
      let own = steps[visit.depth]
      let isLast = visit.depth == steps.count - 1
      follow(own, from: visit, ends: isLast, isOwn: visit.isOwn)
      if own != .rest { follow(.rest, from: visit, ends: true, isOwn: false) }
      if own != .one, !isLast { follow(.one, from: visit, ends: false, isOwn: false) }
    }
    return found
  }
}
