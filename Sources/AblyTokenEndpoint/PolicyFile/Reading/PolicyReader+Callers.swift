internal import AblyTokens
internal import Yams

extension PolicyReader {
  static func callers(_ node: Node, _ problems: inout ProblemList) -> [CallerSource] {
    let members = problems.members(node, of: "callers", known: ["jwt", "gateway"])
    if members.isEmpty { problems.add(node, "callers names no way to know who asks: give jwt or gateway") }
    return members.compactMap { name, _, value in
      name == "jwt" ? webTokens(value, &problems) : gateway(value, &problems)
    }
  }

  private static func webTokens(_ node: Node, _ problems: inout ProblemList) -> CallerSource? {
    var checks = WebTokenChecks()
    var kinds: [CallerSource.Kind] = []
    let known = ["secret-env", "secret-file", "jwks-file", "jwks-url", "issuer", "audience"]
    for (name, _, value) in problems.members(node, of: "jwt", known: known) {
      if name == "secret-env" || name == "secret-file" {
        let places = problems.texts(value, of: name)
        kinds.append(.secrets(places.map(name == "secret-env" ? SecretPlace.environment : SecretPlace.file)))
        continue
      }
      guard let text = problems.text(value, of: name) else { continue }
      switch name {
      case "jwks-file": kinds.append(.keySetFile(text))
      case "jwks-url":
        do throws(ErrorInfo) { _ = try KeySetAddress(url: text) } catch {
          problems.add(value, "jwks-url is not an address with https (http is for this very machine alone)")
        }
        kinds.append(.keySetAddress(text))
      case "issuer": checks.issuer = text
      default: checks.audience = text
      }
    }
    guard kinds.count == 1, let kind = kinds.first else {
      problems.add(node, "jwt needs exactly one of secret-env, secret-file, jwks-file and jwks-url")
      return nil
    }
    return CallerSource(line: node.mark?.line, kind: kind, checks: checks)
  }

  private static func gateway(_ node: Node, _ problems: inout ProblemList) -> CallerSource? {
    var header: String?
    var networks: [Network]?
    for (name, _, value) in problems.members(node, of: "gateway", known: ["header", "from"]) {
      if name == "header" {
        header = problems.text(value, of: name)
        if let header, (try? GatewayCallers(header: header, from: [.everywhere])) == nil {
          problems.add(value, "a header field cannot have the name \"\(header)\"")
        }
      } else {
        let entries = problems.elements(value, of: name)
        if entries.isEmpty, value.sequence != nil { problems.add(value, "from lists no address") }
        networks = entries.compactMap { network($0, &problems) }
      }
    }
    if header == nil { problems.add(node, "gateway has no header") }
    if networks == nil { problems.add(node, "gateway does not say from which addresses it is believed") }
    guard let header, let networks else { return nil }
    return CallerSource(line: node.mark?.line, kind: .gateway(header: header, networks: networks))
  }

  private static func network(_ node: Node, _ problems: inout ProblemList) -> Network? {
    guard let text = problems.text(node, of: "an address of the gateway") else { return nil }
    guard let network = Network(text) else {
      problems.add(node, "\"\(text)\" is not an address or range such as 10.0.0.0/8 or ::1/128")
      return nil
    }
    return network
  }

  static func keys(_ node: Node, _ problems: inout ProblemList) -> [KeySource] {
    problems.members(node, of: "keys").compactMap { name, key, value in
      if name.isEmpty { problems.add(key, "a key has an empty name") }
      return self.key(name, value, &problems)
    }
  }

  private static func key(_ name: String, _ node: Node, _ problems: inout ProblemList) -> KeySource? {
    var places: [SecretPlace] = []
    var capability: Capability?
    var revocable = false
    let known = ["key-env", "key-file", "capability", "revocable"]
    for (member, _, value) in problems.members(node, of: "the key \"\(name)\"", known: known) {
      switch member {
      case "key-env": if let text = problems.text(value, of: member) { places.append(.environment(text)) }
      case "key-file": if let text = problems.text(value, of: member) { places.append(.file(text)) }
      case "capability":
        let resources = RuleReader.capability(value, &problems)
        if resources.contains(where: { $0.template.constant == nil }) {
          problems.add(value, "the capability of a key has no claims in it")
        }
        var template = GrantTemplate()
        template.resources = resources
        template.prepare()
        capability = template.constantCapability
      default:
        guard let flag = value.claimValue?.bool else {
          problems.add(value, "revocable is neither true nor false")
          continue
        }
        revocable = flag
      }
    }
    guard places.count == 1, let place = places.first else {
      if node.mapping != nil {
        problems.add(node, "the key \"\(name)\" needs exactly one of key-env and key-file")
      }
      return nil
    }
    return KeySource(
      line: node.mark?.line, name: name, place: place, capability: capability, revocableTokens: revocable)
  }
}

extension Network {
  /// Every address.
  static var everywhere: Network { Network(high: 0, low: 0, highMask: 0, lowMask: 0) }
}
