extension Capability.Decision {
  /// The answer and its reason in one sentence.
  public var explanation: String {
    let asked = "\(Self.naming(operation)) on \(Capability.quoted(name))"
    switch outcome {
    case .allowed(let resource, let throughWildcard):
      let what = throughWildcard ? "allows every operation" : "lists it"
      return "\(asked) is allowed: \(Capability.quoted(resource.text)) matches and \(what)."
    case .operationNotListed(let matching, let listed):
      return "\(asked) is refused: \(Self.reason(matching, listed))\(unknownOperation)."
    case .noMatch(let nearest):
      let reason = nearest?.explanation ?? nameFlaw ?? "no resource matches"
      return "\(asked) is refused: \(reason)\(unknownOperation)."
    }
  }

  private var nameFlaw: String? {
    var name = name
    return name.withUTF8 { Qualifier(of: $0).flaw }.map { "the name cannot match anything, because \($0)" }
  }

  private var unknownOperation: String {
    operation.isNamed || operation == .all ? "" : "; it is not one of the operations that Ably documents"
  }

  private static func naming(_ operation: Capability.Operation) -> String {
    operation == .all ? "every operation" : Capability.quoted(operation.rawValue)
  }

  private static func reason(
    _ matching: [Capability.Resource], _ listed: Set<Capability.Operation>
  ) -> String {
    let resources = enumerating(matching.map(\.text), atMost: 3)
    let operations = enumerating(listed.sorted().map(\.rawValue), atMost: 17)
    let verbs = matching.count == 1 ? "matches but lists" : "match but list"
    return "\(resources) \(verbs) \(listed.isEmpty ? "no operation" : "only \(operations)")"
  }

  private static func enumerating(_ texts: [String], atMost limit: Int) -> String {
    let shown = texts.prefix(limit).map(Capability.quoted).joined(separator: ", ")
    return texts.count > limit ? "\(shown) and \(texts.count - limit) more" : shown
  }
}

extension Capability.Decision: CustomStringConvertible {
  /// The ``explanation``.
  public var description: String { explanation }
}

extension Capability.NearMiss {
  fileprivate var explanation: String {
    let text = Capability.quoted(resource.text)
    switch reason {
    case .otherCharacters: return "\(text) looks the same but is spelled with other characters"
    case .otherCase: return "\(text) differs in upper and lower case, which counts"
    case .otherKind: return otherKind
    case .nothingUnderWildcard: return "the \"*\" at the end of \(text) wants at least one more segment"
    case .wildcardInSegment:
      return "the \"*\" in \(text) is an ordinary character, since it is not a whole segment between colons"
    case .wildcardIsOneSegment: return "a \"*\" in the middle of \(text) stands for exactly one segment"
    case .unreadable:
      return "\(text) is not a resource, because \(resource.bracket.flaw?.description ?? "it cannot be read")"
    case .endsEarlier: return "\(text) is one name, and only \"*\" after a colon would cover what is under it"
    }
  }

  private var otherKind: String {
    let text = Capability.quoted(resource.text)
    guard let qualifier = resource.qualifier else {
      return "\(text) covers channels only, no queues or metachannels"
    }
    return "\(text) covers only names that begin with \(Capability.quoted("[\(qualifier)]"))"
  }
}
