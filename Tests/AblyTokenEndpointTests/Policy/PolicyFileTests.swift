internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import Testing

@Suite struct PolicyFileTests {
  private static let callers = "callers: { jwt: { secret-env: LOGIN_SECRET } }\n"
  private static let gateway = "callers: { gateway: { header: X-User, from: [127.0.0.1/32] } }\n"

  /// The problems of a policy, each as `line: message`.
  private func problems(_ yaml: String) -> [String] {
    do throws(PolicyFileError) {
      _ = try PolicyFile(yaml: yaml)
      return []
    } catch {
      return error.problems.map { "\($0.line ?? 0): \($0.message)" }
    }
  }

  @Test("the policy of the documentation is read")
  func complete() throws {
    _ = try PolicyFile(yaml: Policies.complete)
  }

  @Test("every mistake is told at once, with its line")
  func allAtOnce() {
    let found = problems(
      """
      callers:
        jwt:
          secret-env: LOGIN_SECRET
          jwks-url: http://login.example/keys
          isuer: x
        gateway:
          header: "X User"
          from: [10.0.0.0/33, nonsense]
        cookie: {}
      token: both
      origins: ["*", https://app.example/path]
      limit: { per-caller: 60, per-hour: 3 }
      rules:
        - when: { role: [a, b], level: }
          clientId: "{sub"
          capability: { "chat:*": [fly], "[x]y": [publish], "": [publish], "a": publish, "b": [] }
          ttl: 30x
        - clientId: "{sub}"
        - deny: no
          ttl: 1h
        - capability: { "{}": [publish] }
          ttl: 25h
          key: nowhere
          revocationKey: "{org}"
        - 7
      extra: 1
      """)
    let expected = [
      "3: jwt needs exactly one of", "4: jwks-url is not an address", "5: jwt has no key \"isuer\"",
      "7: a header field cannot have the name", "8: \"10.0.0.0/33\" is not an address",
      "8: \"nonsense\" is not an address",
      "9: callers has no key \"cookie\"", "10: token is none of", "11: \"*\" is not an origin",
      "11: \"https://app.example/path\" is not an origin", "12: per-caller is not a rate",
      "12: limit has no key \"per-hour\"",
      "14: the condition role is not one", "14: the condition level is not one",
      "15: clientId is not a template",
      "16: \"fly\"", "16: \"[x]y\" is not a resource", "16: the operations of \"a\" is not a list",
      "16: \"b\" lists no operation",
      "17: ttl is not a duration", "18: rule 2 grants no capability",
      "19: rule 3 denies, so it cannot have ttl",
      "21: the resource \"{}\" is not a template", "22: the ttl is 25h",
      "21: rule 4 names the key \"nowhere\"",
      "25: rule 5 is not a mapping", "26: the policy has no key \"extra\"",
    ]
    for start in expected {
      #expect(found.contains { $0.hasPrefix(start) }, "\(start) is not among \(found)")
    }
  }

  @Test("a rule whose conditions cannot be read is not said to take those of others")
  func unreadConditions() {
    let found = problems(
      """
      callers: { jwt: { secret-env: LOGIN_SECRET } }
      rules:
        - when: { role: [a, b] }
          deny: not these
        - when: { level: 1, role: [a] }
          capability: { a: [publish] }
        - capability: { b: [publish] }
      """)
    #expect(found.count == 2 && found.allSatisfy { $0.contains("the condition role is not one") }, "\(found)")
  }

  @Test("what only a JWT can carry is warned of where the tokens are none")
  func claimsWithoutJWT() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "claims-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    func warnings(_ form: String) async throws -> [String] {
      let text = """
        callers: { jwt: { secret-env: LOGIN_SECRET, issuer: x, audience: y } }
        token: \(form)
        rules: [{ capability: { a: [publish] }, revocationKey: r, publishRates: { a: 5 } }]
        """
      try Data(text.utf8).write(to: path)
      let loader = PolicyLoader(path: path.path, key: KeyRing.Entry(key: try APIKey(Desk.key))) { _ in
        Desk.secret
      }
      return try await loader.load().warnings.map(\.description)
    }
    let found = try await warnings("request")
    #expect(found.count == 2 && found.allSatisfy { $0.contains("has no effect") }, "\(found)")
    #expect(try await warnings("jwt").isEmpty)
  }

  @Test(
    "what is no policy at all is told",
    arguments: [
      ("", "the policy is empty"), ("a: [", "not YAML"), ("[1, 2]", "the policy is not a mapping"),
      ("rules: []", "no rule"),
      ("a: 1\na: 2", "twice"), ("token: request", "the policy has no callers"),
      ("callers: ", "callers is empty"),
      ("callers: {}", "no way to know"), ("x: *nobody", "not YAML"),
      ("rules:\n- when: {}\n  deny: x", "no condition"),
    ])
  func nothing(_ yaml: String, _ message: String) {
    #expect(problems(yaml).contains { $0.contains(message) }, "\(problems(yaml))")
  }

  @Test("endless nesting and endless files are refused without being followed")
  func hostile() {
    var texts = ["[", "- ", "{a: ", "? "].map { String(repeating: $0, count: 100_000) }
    texts.append(String(repeating: "a", count: 300_000))
    texts.append((0..<1500).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
    var bomb = "a0: &a0 [x, x]\n"
    for number in 1..<30 {
      let last = number - 1
      bomb += "a\(number): &a\(number) [*a\(last), *a\(last)]\n"
    }
    texts.append(bomb)
    for text in texts { #expect(!problems(text).isEmpty) }
  }

  @Test("a rule that an earlier one takes all callers from is told")
  func unreachable() {
    func rules(_ conditions: String...) -> [String] {
      problems(
        Self.callers + "rules:\n"
          + conditions.map { "- { \($0.isEmpty ? "" : "when: { \($0) }, ")capability: { a: [publish] } }\n" }
          .joined())
    }
    #expect(rules("", "role: a").contains { $0.contains("rule 2 is never reached: rule 1") })
    #expect(rules("role: a", "role: a, org: x").contains { $0.contains("rule 2 is never reached") })
    #expect(rules("role: a", "role: \"a\"").contains { $0.contains("rule 2 is never reached") })
    #expect(rules("role: a", "role: b", "org: x", "").isEmpty)
    #expect(rules("role: a, org: x", "role: a").isEmpty)
    #expect(rules("level: 1", "level: \"1\"").contains { $0.contains("rule 2 is never reached") })
    #expect(rules("level: 1", "level: \"1.0\"").isEmpty)
    #expect(rules("level: true", "level: \"true\"").isEmpty)
  }

  @Test("where a gateway alone names callers, a rule that needs another claim than sub is told")
  func gatewayClaims() {
    let rules = """
      rules:
      - { when: { role: moderator }, deny: x }
      - { when: { sub: ann }, clientId: "{sub}", capability: { "chat:{org}": [publish] } }
      - { clientId: "{sub}", capability: { "own:{sub}": [publish] } }
      """
    let found = problems(Self.gateway + rules)
    #expect(found.count == 2)
    #expect(found.contains { $0.hasPrefix("3: rule 1 needs the claim role") })
    #expect(found.contains { $0.hasPrefix("4: rule 2 needs the claim org") })
    #expect(problems(Self.callers + rules).isEmpty)
    let both = "callers: { jwt: { secret-env: A }, gateway: { header: X-User, from: [127.0.0.1/32] } }\n"
    #expect(problems(both + rules).isEmpty)
  }

  @Test("several secrets of a login are listed under one name")
  func secrets() {
    let rules = "rules: [{ deny: x }]"
    #expect(problems("callers: { jwt: { secret-file: [new, old] } }\n" + rules).isEmpty)
    for (list, message) in [("[]", "lists nothing"), ("[a, []]", "is not a text"), ("{}", "is not a text")] {
      let found = problems("callers: { jwt: { secret-env: \(list) } }\n" + rules)
      #expect(found.contains { $0.contains(message) }, "\(found)")
    }
    #expect(
      problems("callers: { jwt: { secret-env: [a, b], secret-file: c } }\n" + rules).contains {
        $0.contains("exactly one of")
      })
  }

  @Test("a limit that limits nothing is told")
  func emptyLimit() {
    #expect(
      problems(Self.callers + "limit: {}\nrules: [{ deny: x }]").contains {
        $0.contains("limit names no rate")
      })
  }

  @Test("what a rule grants is explained whole: claims and rates of channels, the revocation key, the key")
  func explained() throws {
    let file = try PolicyFile(
      yaml: """
        callers: { jwt: { secret-env: LOGIN_SECRET } }
        token: jwt
        keys: { eu: { key-env: KEY_EU } }
        rules:
          - clientId: "{sub}"
            capability: { chat: [publish] }
            revocationKey: "org-{org}"
            channelClaims: { "chat:*": "member of {org}" }
            publishRates: { "chat:*": 5 }
            key: eu
        """)
    let rule = try #require(PolicyExplanation(file).rules.first)
    #expect(rule.lines.contains("says \"member of {org}\" of its bearer on chat:*"))
    #expect(rule.lines.contains("publishes 5 messages a second at most on chat:*"))
    for text in [
      "revocable under org-sample-org", "\"member of sample-org\" on chat:*", "5 a second on chat:*",
      "signed with eu",
    ] { #expect(rule.outcome.contains(text), "\(rule.outcome)") }
  }

  @Test("slips of the pen are guessed at")
  func guesses() {
    #expect(problems(Self.callers + "rule:\n- deny: x").contains { $0.contains("did you mean \"rules\"") })
    #expect(
      problems(Self.callers + "rules:\n- client-id: x\n  capability: {a: [publish]}").contains {
        $0.contains("did you mean \"clientId\"")
      })
  }
}

enum Policies {
  static let complete = """
    callers:
      jwt:
        secret-env: LOGIN_SECRET
        issuer: https://login.example
        audience: chat
      gateway:
        header: X-Authenticated-User
        from: [127.0.0.1/32]
    token: request
    origins: [https://app.example]
    limit: { per-caller: 60/m }
    rules:
      - when: { role: moderator }
        clientId: "{sub}"
        capability: { "*": ["*"] }
        ttl: 30m
      - when: { banned: true }
        deny: this account is banned
      - clientId: "{sub}"
        capability: { "chat:{org}:*": [publish, subscribe, presence], "news": [subscribe] }
        ttl: 1h
    """
}
