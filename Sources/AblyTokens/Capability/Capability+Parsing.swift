extension Capability {
  /// Reads a capability text as the service does: whatever it does not understand is refused.
  ///
  /// The rule is a JSON object whose members are resources and whose values are lists of operations that
  /// have a name here, or `["*"]`. `{}` is read: it asks for nothing, so that the token that would come of
  /// it is refused with 40160, as any other empty intersection. An operation may be repeated in its list.
  ///
  /// - Throws: 40000, naming the resource or operation at fault: not a JSON object, a repeated resource, an
  ///   empty resource, a bracket that cannot be read or that is not `[queue]`, `[meta]`, `[filter]`, `[*]` or
  ///   channel params alone, a value that is not a list of texts, an empty list, an operation without a
  ///   name, or `*` beside others.
  public init(strict text: String) throws(ErrorInfo) {
    try self.init(strict: text, takingUnnamed: false)
  }

  /// Reads a capability text that is to be signed: strictly, but with operations that the service may know
  /// and that have no name here.
  init(signable text: String) throws(ErrorInfo) {
    try self.init(strict: text, takingUnnamed: true)
  }

  /// Whether its text is surely one that ``init(signable:)`` reads.
  var isSignable: Bool {
    hasDistinctNames
      && sortedRules.allSatisfy { rule in
        rule.operations.isNamed && (try? Self.refuseUnknown(rule.resource)) != nil
      }
  }

  private init(strict text: String, takingUnnamed: Bool) throws(ErrorInfo) {
    let members = try Self.members(of: text)
    var rules: [Rule] = []
    rules.reserveCapacity(members.count)
    for (name, value) in members {
      let resource = Resource(name)
      try Self.refuseUnknown(resource)
      rules.append(
        Rule(
          resource: resource,
          operations: try Self.strictOperations(value, on: resource, takingUnnamed: takingUnnamed)))
    }
    self.init(unsorted: rules)
  }

  /// Reads a capability text as a person may write it.
  ///
  /// Beyond what ``init(strict:)`` reads: one operation without a list around it, operations and qualifiers
  /// that have no name here, an empty list, and `*` beside others, which it swallows. A resource whose
  /// bracket cannot be read is kept and allows nothing. The service may still refuse the text.
  ///
  /// - Throws: 40000 for text that is not a JSON object, repeats a resource (two readers could disagree about
  ///   which one counts), or has a value that is neither a text nor a list of texts.
  public init(parsing text: String) throws(ErrorInfo) {
    let members = try Self.members(of: text)
    var rules: [Rule] = []
    rules.reserveCapacity(members.count)
    for (name, value) in members {
      let listed = value.string.map { [JSONValue.string($0)] } ?? value.array
      let operations = try Self.operations(listed, on: Resource(name))
      rules.append(Rule(resource: Resource(name), operations: OperationSet(operations)))
    }
    self.init(unsorted: rules)
  }

  private static func members(of text: String) throws(ErrorInfo) -> [String: JSONValue] {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw malformed("the capability cannot be read: \(error.message)", cause: error)
    }
    guard let members = value.object else { throw malformed("the capability is not a JSON object") }
    return members
  }

  private static func operations(_ listed: [JSONValue]?, on resource: Resource) throws(ErrorInfo)
    -> [Operation]
  {
    guard let listed else {
      throw malformed("the operations of \(quoted(resource.text)) are not a list")
    }
    var operations: [Operation] = []
    operations.reserveCapacity(listed.count)
    for value in listed {
      guard let text = value.string else {
        throw malformed("an operation of \(quoted(resource.text)) is not a text")
      }
      operations.append(Operation(rawValue: text))
    }
    return operations
  }

  private static func strictOperations(
    _ value: JSONValue, on resource: Resource, takingUnnamed: Bool
  ) throws(ErrorInfo) -> OperationSet {
    let listed = try operations(value.array, on: resource)
    if listed.isEmpty { throw malformed("\(quoted(resource.text)) lists no operation") }
    let unknown = listed.first { !$0.isNamed && $0 != .all && (!takingUnnamed || $0.rawValue.isEmpty) }
    if let unknown {
      throw malformed("\(quoted(unknown.rawValue)), listed for \(quoted(resource.text)), is not an operation")
    }
    if listed.contains(.all), listed.contains(where: { $0 != .all }) {
      throw malformed("\(quoted(resource.text)) lists other operations beside \"*\", which is all of them")
    }
    return OperationSet(listed)
  }

  private static func refuseUnknown(_ resource: Resource) throws(ErrorInfo) {
    if let flaw = resource.bracket.flaw {
      throw malformed("\(quoted(resource.text)) is not a resource: \(flaw)")
    }
    if let qualifier = resource.qualifier, !["queue", "meta", "filter", "*"].contains(qualifier) {
      throw malformed(
        "\(quoted(resource.text)) is not a resource: the qualifiers are [queue], [meta], [filter] and [*]")
    }
  }

  private static func malformed(_ message: String, cause: ErrorInfo? = nil) -> ErrorInfo {
    ErrorInfo(
      .badRequest, message,
      remedy: #"Write the capability as a JSON object, such as {"chat:*":["publish","subscribe"]}."#,
      cause: cause)
  }
}
