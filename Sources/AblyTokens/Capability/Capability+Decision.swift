extension Capability {
  /// Whether a rule allows `operation` on the channel, queue or metachannel `name`.
  ///
  /// ``Operation/all`` is allowed where every operation is, those to come included. Allocates nothing, so
  /// that a service can ask for each message.
  public func allows(_ operation: Operation, on name: String) -> Bool {
    var name = name
    return name.withUTF8 { utf8 in
      let name = QualifiedName(utf8)
      return sortedRules.contains { $0.operations.contains(operation) && $0.resource.matches(name) }
    }
  }

  /// Whether a rule allows `operation` for the app as a whole, as ``Operation/stats`` needs it.
  ///
  /// Such a rule is one whose resource contains `*`: that is `*` or `[*]*`. Listing the active channels needs
  /// ``Operation/channelMetadata`` this way. ``decision(for:on:)`` on the name `*` gives the reason.
  public func allowsAppWide(_ operation: Operation) -> Bool {
    // In a name the star is a character, and no resource but those two covers it.
    allows(operation, on: "*")
  }

  /// The same answer as ``allows(_:on:)`` with its reason, for people.
  public func decision(for operation: Operation, on name: String) -> Decision {
    Decision(operation: operation, name: name, outcome: outcome(for: operation, on: name))
  }

  private func outcome(for operation: Operation, on name: String) -> Decision.Outcome {
    let matching = sortedRules.filter { $0.resource.matches(name) }
    if let rule = matching.first(where: { $0.operations.contains(operation) }) {
      return .allowed(by: rule.resource, throughWildcard: rule.operations.isEverything)
    }
    if !matching.isEmpty {
      let listed = matching.reduce(into: OperationSet()) { $0.formUnion($1.operations) }
      return .operationNotListed(matching: matching.map(\.resource), listed: Set(listed.sorted))
    }
    let granting = sortedRules.filter { $0.operations.contains(operation) }.map(\.resource)
    return .noMatch(nearest: NearMiss(of: name, among: granting))
  }
}
