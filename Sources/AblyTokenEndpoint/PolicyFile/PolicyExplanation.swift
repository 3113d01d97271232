package import AblyTokens

/// What the rules of a policy mean, and what they do for callers made up to fit each.
package struct PolicyExplanation: Sendable {
  /// One rule.
  package struct Rule: Sendable {
    package let number: Int
    package let line: Int?
    /// Whom it is for and what it does, in words.
    package let lines: [String]
    /// Claims that fit it.
    package let sample: JSONValue
    /// What the policy does with them.
    package let outcome: String
  }

  package let rules: [Rule]
  private let policy: RulePolicy

  package init(_ file: PolicyFile) {
    let policy = RulePolicy(rules: file.rules)
    self.policy = policy
    rules = file.rules.map { rule in
      let sample = Self.sample(of: rule)
      return Rule(
        number: rule.number, line: rule.line, lines: Self.words(rule), sample: .object(sample),
        outcome: Self.outcome(policy.decide(sample)))
    }
  }

  /// What the policy does with a caller of these claims.
  package func outcome(for claims: JSONValue) -> String { Self.outcome(policy.decide(claims.object ?? [:])) }

  private static func words(_ rule: PolicyRule) -> [String] {
    let conditions = rule.conditions.sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value.text)" }
    var lines = [
      "for "
        + (conditions.isEmpty ? "every caller" : "callers whose " + conditions.joined(separator: " and "))
    ]
    switch rule.effect {
    case .deny(let reason): lines.append("refuses: \(reason)")
    case .grant(let grant):
      lines.append("as " + (grant.clientId.map { "clientId \($0.source)" } ?? "nobody in particular"))
      for resource in grant.resources {
        let operations = resource.operations.sorted().map(\.rawValue).joined(separator: ", ")
        lines.append("on \(resource.template.source): \(operations == "*" ? "everything" : operations)")
      }
      lines.append("for \(DurationText.of(grant.ttl))")
      if let key = grant.revocationKey { lines.append("revocable under \(key.source)") }
      for (channel, value) in grant.channelClaims {
        lines.append("says \"\(value.source)\" of its bearer on \(channel.source)")
      }
      for (channel, rate) in grant.publishRates {
        lines.append("publishes \(rate) messages a second at most on \(channel.source)")
      }
      if let key = grant.key { lines.append("signed with the key \(key)") }
      let needed = Set(grant.claimNames).sorted()
      if !needed.isEmpty { lines.append("needs the claims \(needed.joined(separator: ", "))") }
    }
    return lines
  }

  private static func sample(of rule: PolicyRule) -> [String: JSONValue] {
    var claims: [String: JSONValue] = ["sub": "sample-sub"]
    if case .grant(let grant) = rule.effect {
      for name in grant.claimNames {
        claims[name] = .string("sample-\(name.filter { $0.isLetter || $0.isNumber || $0 == "-" })")
      }
    }
    return claims.merging(rule.conditions) { $1 }
  }

  private static func outcome(_ decision: PolicyDecision) -> String {
    switch decision {
    case .grant(let grant, let rule):
      let who = grant.clientId.map { "clientId \($0)" } ?? "no clientId"
      var parts = [who, grant.capability.canonicalText, DurationText.of(grant.ttl)]
      if let key = grant.revocationKey { parts.append("revocable under \(key)") }
      parts += grant.channelClaims.sorted { $0.key < $1.key }.map { "\"\($0.value)\" on \($0.key)" }
      parts += grant.publishRates.sorted { $0.key < $1.key }.map { "\($0.value) a second on \($0.key)" }
      if let key = grant.key { parts.append("signed with \(key)") }
      return "rule \(rule ?? "-") grants \(parts.joined(separator: ", "))"
    case .refuse(let reason, let rule):
      return "\(rule.map { "rule \($0)" } ?? "no rule") refuses: \(reason)"
    }
  }
}
