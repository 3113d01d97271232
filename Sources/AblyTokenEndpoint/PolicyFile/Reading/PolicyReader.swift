internal import AblyTokens
internal import Yams

/// Reads a policy file, and goes on after each mistake to find the others.
enum PolicyReader {
  private static let sections = ["callers", "token", "origins", "limit", "rules", "keys"]

  static func read(_ text: String, _ problems: inout ProblemList) -> PolicyFile {
    var file = PolicyFile(callers: [])
    guard let root = root(of: text, &problems) else { return file }
    var seen: Set<String> = []
    var isGatewayAlone = false
    for (name, key, value) in problems.members(root, of: "the policy", known: sections) {
      seen.insert(name)
      switch name {
      case "callers":
        file.callers = callers(value, &problems)
        isGatewayAlone = value.mapping.map { $0.keys.allSatisfy { $0.written == "gateway" } } ?? false
      case "token": file.form = form(value, &problems) ?? .request
      case "origins": file.origins = origins(value, &problems)
      case "limit": file.limit = limit(value, &problems)
      case "keys": file.keys = keys(value, &problems)
      default: file.rules = RuleReader.rules(value, &problems)
      }
      if value.isEmptyValue { problems.add(key, "\(name) is empty") }
    }
    for name in ["callers", "rules"] where !seen.contains(name) {
      problems.add(line: nil, "the policy has no \(name)")
    }
    check(file, &problems)
    if isGatewayAlone { checkGatewayRules(file, &problems) }
    return file
  }

  private static func root(of text: String, _ problems: inout ProblemList) -> Node? {
    guard text.utf8.count <= PolicyFile.maximumBytes else {
      problems.add(line: nil, "the policy is larger than \(PolicyFile.maximumBytes) bytes")
      return nil
    }
    if let line = YAMLNesting.tooDeep(text) {
      problems.add(line: line, "the policy is nested too deep")
      return nil
    }
    do {
      if let node = try compose(yaml: text) { return node }
      problems.add(line: nil, "the policy is empty")
    } catch let error as YamlError {
      let (line, message) = error.place
      problems.add(line: line, "this is not YAML: \(message)")
    } catch {
      problems.add(line: nil, "this is not YAML")
    }
    return nil
  }

  private static func form(_ node: Node, _ problems: inout ProblemList) -> PolicyFile.FormName? {
    guard let text = node.written, let form = PolicyFile.FormName(rawValue: text) else {
      problems.add(node, "token is none of request, jwt and details")
      return nil
    }
    return form
  }

  private static func origins(_ node: Node, _ problems: inout ProblemList) -> [String] {
    problems.elements(node, of: "origins").compactMap { entry in
      guard let text = problems.text(entry, of: "an origin") else { return nil }
      guard AllowedOrigins.isOrigin(text) else {
        problems.add(
          entry,
          "\"\(text)\" is not an origin: write scheme, host and perhaps port, such as https://app.example")
        return nil
      }
      return text
    }
  }

  private static func limit(_ node: Node, _ problems: inout ProblemList) -> RateLimit? {
    var limit: RateLimit?
    let members = problems.members(node, of: "limit", known: ["per-caller"])
    if members.isEmpty, node.mapping != nil { problems.add(node, "limit names no rate: give per-caller") }
    for (_, _, value) in members {
      let parts = (value.written ?? "").split(separator: "/", omittingEmptySubsequences: false)
      let units: [Substring: Duration] = [
        "s": .seconds(1), "m": .seconds(60), "h": .seconds(3600), "d": .seconds(86_400),
      ]
      guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
        let period = units[parts[1]]
      else {
        problems.add(value, "per-caller is not a rate such as 60/m: a number, and s, m, h or d")
        continue
      }
      limit = RateLimit(count, per: period)
    }
    return limit
  }

  /// A caller whom a gateway names has one claim, so that a rule that needs another could never grant.
  private static func checkGatewayRules(_ file: PolicyFile, _ problems: inout ProblemList) {
    for rule in file.rules {
      var names = Set(rule.conditions.keys)
      if case .grant(let grant) = rule.effect { names.formUnion(grant.claimNames) }
      for name in names.subtracting(["sub"]).sorted() {
        problems.add(
          line: rule.line,
          "rule \(rule.number) needs the claim \(name), and whom a gateway names has the one claim sub")
      }
    }
  }

  /// What can only be seen on the whole.
  private static func check(_ file: PolicyFile, _ problems: inout ProblemList) {
    let names = Set(file.keys.map(\.name))
    for rule in file.rules {
      let isReadable = !rule.hasUnreadConditions
      if isReadable, let earlier = file.rules.first(where: { $0.number < rule.number && $0.shadows(rule) }) {
        problems.add(
          line: rule.line,
          "rule \(rule.number) is never reached: rule \(earlier.number) takes every caller that it could take"
        )
      }
      guard case .grant(let grant) = rule.effect else { continue }
      if let key = grant.key, !names.contains(key) {
        problems.add(
          line: rule.line, "rule \(rule.number) names the key \"\(key)\", which keys does not have")
      }
    }
  }
}

extension YamlError {
  fileprivate var place: (line: Int?, message: String) {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .reader(let problem, _, _, _): (nil, problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      (context.mark.line, "the key \(duplicates.joined(separator: ", ")) stands twice in one mapping")
    default: (nil, "it cannot be read")
    }
  }
}

/// Looks for nesting that a recursive reader would not survive.
enum YAMLNesting {
  private static let limit = 100

  /// The line on which it becomes too deep. Counts brackets and list marks wherever they stand.
  static func tooDeep(_ text: String) -> Int? {
    var line = 1
    var depth = 0
    var marks = 0
    var indentation = 0
    var isAtStart = true
    for byte in text.utf8 {
      switch byte {
      case 0x0A:
        line += 1
        (marks, indentation, isAtStart) = (0, 0, true)
      case 0x20 where isAtStart: indentation += 1
      case UInt8(ascii: "-") where isAtStart, UInt8(ascii: "?") where isAtStart: marks += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        isAtStart = false
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth = max(depth - 1, 0)
        isAtStart = false
      default: isAtStart = false
      }
      if depth > limit || marks > limit || indentation > 10 * limit { return line }
    }
    return nil
  }
}
