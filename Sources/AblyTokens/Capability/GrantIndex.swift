/// Finds what is allowed on the resources around a given one.
///
/// A few rules are asked one by one. Of many it makes a tree, whose branches are the steps of their
/// resources, so that the time does not grow with the square of their number.
struct GrantIndex {
  /// Up to this many rules asking each costs less than building the tree.
  static let fewRules = 16

  private let listed: [Capability.Rule]
  private var tree = GrantTree()

  init(_ rules: [Capability.Rule], few: Int = fewRules) {
    listed = rules.count <= few ? rules : []
    if listed.isEmpty {
      for rule in rules { tree.insert(rule) }
    }
  }

  var isEmpty: Bool { listed.isEmpty && tree.isEmpty }

  /// Everything allowed on resources that contain this one, without it itself where `strictly`.
  func operations(around resource: Capability.Resource, strictly: Bool) -> Capability.OperationSet {
    if listed.isEmpty { return tree.operations(around: resource, strictly: strictly) }
    var found = Capability.OperationSet()
    for rule in listed {
      switch rule.resource.relation(to: resource) {
      case .around: found.formUnion(rule.operations)
      case .equal where !strictly: found.formUnion(rule.operations)
      case .equal, .inside, .crossing, .disjoint: break
      }
    }
    return found
  }
}
