/// Which operations are allowed on which resources (TK2b, TD5).
///
/// ```swift
/// let capability: Capability = ["chat:*": [.publish, .subscribe], "news": [.subscribe]]
/// print(capability.allows(.publish, on: "chat:lobby"))  // true
/// print(capability.intersection(["*:lobby": [.all]]))  // {"chat:lobby":["publish","subscribe"]}
/// ```
///
/// A rule allows its operations on every name that its resource covers, and rules only add to each other:
/// nothing takes away what another rule allows. See ``Resource`` for what a resource covers.
///
/// Two capabilities are equal when they have the same rules. Different rules may allow the same things:
/// ``isEquivalent(to:)`` tells, ``normalized`` removes most of the difference.
public struct Capability: Sendable, Hashable {
  struct Rule: Sendable, Hashable {
    let resource: Resource
    var operations: OperationSet
  }

  /// Sorted by resource, one rule for each.
  let sortedRules: [Rule]

  init(sortedRules: [Rule]) {
    self.sortedRules = sortedRules
  }

  init(unsorted rules: [Rule]) {
    sortedRules = rules.sorted { $0.resource < $1.resource }
  }

  /// A capability from its rules.
  ///
  /// `*` beside other operations swallows them. A rule without operations is kept as it is, although it
  /// allows nothing and the service refuses it: what was written stays visible.
  public init(_ rules: [Resource: Set<Operation>]) {
    self.init(unsorted: rules.map { Rule(resource: $0.key, operations: OperationSet($0.value)) })
  }

  /// The operations of each resource, as they were written. Made anew at each call.
  public var rules: [Resource: Set<Operation>] {
    Dictionary(
      sortedRules.map { ($0.resource, Set($0.operations.sorted)) }, uniquingKeysWith: { $0.union($1) })
  }

  /// Whether no two of its resources are one to a reader of JSON, which may take two spellings of a character
  /// for the same.
  var hasDistinctNames: Bool {
    sortedRules.allSatisfy { $0.resource.utf8.allSatisfy { $0 < 0x80 } }
      || Set(sortedRules.map(\.resource.text)).count == sortedRules.count
  }

  /// How many resources it has rules for.
  package var ruleCount: Int { sortedRules.count }

  /// Whether it allows nothing at all.
  ///
  /// The service refuses a token that would allow nothing, with 40160.
  public var isEmpty: Bool {
    sortedRules.allSatisfy { $0.operations.isEmpty || !$0.resource.isWellFormed }
  }

  /// Every operation on every channel, queue and metachannel: `{"[*]*":["*"]}`.
  ///
  /// The intersection of a capability with this is the capability itself, in normal form.
  public static let everything: Capability = ["[*]*": [.all]]
}

extension Capability: ExpressibleByDictionaryLiteral {
  /// A capability from its rules. A resource that is repeated gets the operations of all its places.
  public init(dictionaryLiteral elements: (Resource, Set<Operation>)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { $0.union($1) }))
  }
}
