internal import AblyTokens
internal import Yams

/// Reads the rules of a policy.
enum RuleReader {
  private static let known = [
    "when", "deny", "clientId", "capability", "ttl", "revocationKey", "channelClaims", "publishRates", "key",
  ]

  static func rules(_ node: Node, _ problems: inout ProblemList) -> [PolicyRule] {
    let nodes = problems.elements(node, of: "rules")
    if nodes.isEmpty, node.sequence != nil {
      problems.add(node, "rules lists no rule: nobody would get a token")
    }
    return nodes.enumerated().compactMap { index, node in rule(index + 1, node, &problems) }
  }

  private static func rule(_ number: Int, _ node: Node, _ problems: inout ProblemList) -> PolicyRule? {
    let what = "rule \(number)"
    let members = problems.members(node, of: what, known: known)
    let names = Set(members.map(\.name))
    var conditions: [String: JSONValue] = [:]
    var hasUnreadConditions = false
    var grant = GrantTemplate()
    var reason: String?
    for (name, _, value) in members {
      switch name {
      case "when":
        conditions = self.conditions(value, what, &problems)
        hasUnreadConditions = conditions.count != value.mapping?.count
      case "deny": reason = problems.text(value, of: "deny")
      default: read(name, value, into: &grant, &problems)
      }
    }
    if names.contains("deny") {
      let others = names.subtracting(["deny", "when"]).sorted()
      if !others.isEmpty {
        problems.add(node, "\(what) denies, so it cannot have \(others.joined(separator: ", "))")
      }
    } else if !names.contains("capability"), node.mapping != nil {
      problems.add(node, "\(what) grants no capability; give capability or deny")
    }
    grant.prepare()
    return PolicyRule(
      number: number, line: node.mark?.line, conditions: conditions, hasUnreadConditions: hasUnreadConditions,
      effect: names.contains("deny") ? .deny(reason ?? "") : .grant(grant))
  }

  private static func conditions(
    _ node: Node, _ what: String, _ problems: inout ProblemList
  ) -> [String: JSONValue] {
    var conditions: [String: JSONValue] = [:]
    let members = problems.members(node, of: "when of \(what)")
    if members.isEmpty, node.mapping != nil {
      problems.add(node, "when of \(what) has no condition; leave it out")
    }
    for (name, key, value) in members {
      guard let wanted = value.claimValue else {
        problems.add(key, "the condition \(name) is not one text, number, true or false")
        continue
      }
      conditions[name] = wanted
    }
    return conditions
  }

  private static func read(
    _ name: String, _ node: Node, into grant: inout GrantTemplate, _ problems: inout ProblemList
  ) {
    switch name {
    case "clientId":
      grant.clientId = problems.template(node, of: name)
      if let text = grant.clientId?.source, text.contains("*"), text != "*" {
        problems.add(node, "a clientId holds a * beside other characters")
      }
    case "capability": grant.resources = capability(node, &problems)
    case "ttl": if let ttl = ttl(node, &problems) { grant.ttl = ttl }
    case "revocationKey": grant.revocationKey = problems.template(node, of: name)
    case "key": grant.key = problems.text(node, of: name)
    case "channelClaims":
      for (channel, key, value) in problems.members(node, of: name) {
        guard let value = problems.template(value, of: "a claim for \(channel)"),
          let channel = problems.template(key, of: "a channel")
        else { continue }
        grant.channelClaims.append((channel, value))
      }
    default:
      for (channel, key, value) in problems.members(node, of: name) {
        guard case .number(let number) = value.claimValue, let rate = number.int64,
          (0...1_000_000).contains(rate)
        else {
          problems.add(value, "the publish rate of \(channel) is not a whole number of messages a second")
          continue
        }
        if let channel = problems.template(key, of: "a channel") {
          grant.publishRates.append((channel, Int(rate)))
        }
      }
    }
  }

  private static func ttl(_ node: Node, _ problems: inout ProblemList) -> Duration? {
    guard let ttl = problems.duration(node, of: "ttl") else { return nil }
    guard ttl >= .seconds(1), ttl <= AblyJWT.maximumLifetime else {
      problems.add(node, "the ttl is \(DurationText.of(ttl)), and has to lie between 1s and 24h")
      return nil
    }
    return ttl
  }

  static func capability(_ node: Node, _ problems: inout ProblemList) -> [GrantTemplate.Resource] {
    let members = problems.members(node, of: "capability")
    if members.isEmpty, node.mapping != nil { problems.add(node, "the capability is empty") }
    return members.compactMap { name, key, value in
      guard let template = problems.template(key, of: "the resource \"\(name)\"") else { return nil }
      let operations = problems.elements(value, of: "the operations of \"\(name)\"").compactMap { node in
        problems.text(node, of: "an operation of \"\(name)\"")
      }
      guard let operations = checked(template, operations, key, value, &problems) else { return nil }
      return GrantTemplate.Resource(template: template, operations: operations, line: key.mark?.line)
    }
  }

  /// Reads the resource as the service would, with an `x` for each claim.
  private static func checked(
    _ template: Template, _ operations: [String], _ key: Node, _ value: Node, _ problems: inout ProblemList
  ) -> Set<Capability.Operation>? {
    let claims = Dictionary(
      template.claimNames.map { ($0, JSONValue.string("x")) }, uniquingKeysWith: { first, _ in first })
    guard value.sequence != nil, let resource = try? template.render(claims) else { return nil }
    let text = JSONValue.object([resource: .array(operations.map(JSONValue.string))]).text
    do throws(ErrorInfo) { _ = try Capability(strict: text) } catch {
      problems.add(key, error.message)
      return nil
    }
    return Set(operations.map { Capability.Operation(rawValue: $0) })
  }
}
