extension Capability {
  /// Whether an operation is allowed on a name, and why.
  public struct Decision: Sendable, Hashable {
    /// What was asked for.
    public let operation: Operation
    /// The channel, queue or metachannel it was asked for on.
    public let name: String
    /// The answer and its reason.
    public let outcome: Outcome

    /// Whether the answer is yes.
    public var isAllowed: Bool {
      if case .allowed = outcome { true } else { false }
    }
  }
}

extension Capability.Decision {
  /// An answer and its reason.
  public enum Outcome: Sendable, Hashable {
    /// A rule allows it: the first in the order of the canonical text. `throughWildcard` says that the rule
    /// allows `*` rather than listing the operation.
    case allowed(by: Capability.Resource, throughWildcard: Bool)
    /// Resources match, but none of their rules lists the operation; `listed` is what they do list.
    case operationNotListed(matching: [Capability.Resource], listed: Set<Capability.Operation>)
    /// No resource matches. `nearest` is one that allows the operation and that somebody may have thought
    /// would match.
    case noMatch(nearest: Capability.NearMiss?)
  }
}
