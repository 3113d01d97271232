internal import AblyTokens
internal import Testing

@Suite("Decisions and their reasons")
struct CapabilityDecisionTests {
  private static let capability: Capability = [
    "chat:*": [.publish, .subscribe], "foo*": [.publish], "[meta]*": [.subscribe], "*:lobby": [.history],
    "ops:*:log": [.publish], "news": [.subscribe], "admin": [.all], "caf\u{E9}": [.publish], "mute": [],
    "[broken": [.presence], "[filter=YQ==]den": [.stats],
  ]

  private static let allowed: [(Capability.Operation, String, String, by: Capability.Resource, Bool)] = [
    (
      .publish, "chat:lobby", #""publish" on "chat:lobby" is allowed: "chat:*" matches and lists it."#,
      "chat:*", false
    ),
    (
      .history, "chat:lobby", #""history" on "chat:lobby" is allowed: "*:lobby" matches and lists it."#,
      "*:lobby", false
    ),
    (
      .stats, "admin", #""stats" on "admin" is allowed: "admin" matches and allows every operation."#,
      "admin", true
    ),
    (
      .all, "admin", #"every operation on "admin" is allowed: "admin" matches and allows every operation."#,
      "admin", true
    ),
    (
      "warp", "admin", #""warp" on "admin" is allowed: "admin" matches and allows every operation."#, "admin",
      true
    ),
    (.publish, "foo*", #""publish" on "foo*" is allowed: "foo*" matches and lists it."#, "foo*", false),
    (
      .subscribe, "[meta]log", #""subscribe" on "[meta]log" is allowed: "[meta]*" matches and lists it."#,
      "[meta]*", false
    ),
    (
      .subscribe, "[?rewind=1]news",
      #""subscribe" on "[?rewind=1]news" is allowed: "news" matches and lists it."#,
      "news", false
    ),
  ]

  @Test("allowed, and by which rule", arguments: allowed)
  func allows(
    operation: Capability.Operation, name: String, explanation: String, rule: Capability.Resource,
    wildcard: Bool
  ) {
    #expect(Self.capability.allows(operation, on: name))
    let decision = Self.capability.decision(for: operation, on: name)
    #expect(decision.isAllowed)
    #expect(decision.outcome == .allowed(by: rule, throughWildcard: wildcard))
    #expect(decision.explanation == explanation)
  }

  private static let refused: [(Capability.Operation, String, reason: String)] = [
    (.history, "chat:den", #""chat:*" matches but lists only "publish", "subscribe""#),
    (
      .presence, "chat:lobby",
      #""*:lobby", "chat:*" match but list only "history", "publish", "subscribe""#
    ),
    (.publish, "mute", #""mute" matches but lists no operation"#),
    (.all, "news", #""news" matches but lists only "subscribe""#),
    (
      "Publish", "chat:den",
      #""chat:*" matches but lists only "publish", "subscribe"; "#
        + "it is not one of the operations that Ably documents"
    ),
    (.publish, "elsewhere", "no resource matches"),
    (.stats, "elsewhere", "no resource matches"),
    (.publish, "chat", #"the "*" at the end of "chat:*" wants at least one more segment"#),
    (.publish, "Chat:lobby", #""*:lobby" matches but lists only "history""#),
    (.publish, "Chat:den", #""chat:*" differs in upper and lower case, which counts"#),
    (
      .publish, "food",
      #"the "*" in "foo*" is an ordinary character, since it is not a whole segment between colons"#
    ),
    (.publish, "ops:a:b:log", #"a "*" in the middle of "ops:*:log" stands for exactly one segment"#),
    (
      .subscribe, "news:today",
      #""news" is one name, and only "*" after a colon would cover what is under it"#
    ),
    (.publish, "cafe\u{301}", "\"caf\u{E9}\" looks the same but is spelled with other characters"),
    (.publish, "[meta]chat:x", #""[meta]*" matches but lists only "subscribe""#),
    (.publish, "[queue]chat:x", #""chat:*" covers channels only, no queues or metachannels"#),
    (.subscribe, "[filter=YQ==]news", #""news" covers channels only, no queues or metachannels"#),
    (.subscribe, "log", #""[meta]*" covers only names that begin with "[meta]""#),
    (
      .stats, "[filter=YQ==]den",
      #""[filter=YQ==]den" is not a resource, because a qualifier takes no value here"#
    ),
    (.subscribe, "", "the name cannot match anything, because it is empty"),
    (.subscribe, "[meta]", "the name cannot match anything, because nothing follows its bracket"),
    (.presence, "[broken", "the name cannot match anything, because its opening bracket is never closed"),
  ]

  @Test("refused, and why", arguments: refused)
  func refuses(operation: Capability.Operation, name: String, reason: String) {
    #expect(!Self.capability.allows(operation, on: name))
    let decision = Self.capability.decision(for: operation, on: name)
    #expect(!decision.isAllowed)
    let asked = operation == .all ? "every operation" : "\"\(operation)\""
    #expect(decision.explanation == "\(asked) on \"\(name)\" is refused: \(reason).")
    #expect(decision.description == decision.explanation)
  }

  @Test("the traps of the documentation are told")
  func nearMisses() {
    let star: Capability = ["*": [.subscribe]]
    #expect(star.decision(for: .subscribe, on: "[queue]q").explanation.contains("channels only"))
    #expect(star.decision(for: .subscribe, on: "[meta]log").explanation.contains("channels only"))
    let decision = Self.capability.decision(for: .publish, on: "food")
    guard case .noMatch(let nearest?) = decision.outcome else {
      Issue.record("\(decision.outcome)")
      return
    }
    #expect(nearest.resource == "foo*" && nearest.reason == .wildcardInSegment)
  }

  @Test("a rule that would not allow it anyway is not pointed at")
  func misleading() {
    let decision = Self.capability.decision(for: .presence, on: "chat")
    #expect(decision.outcome == .noMatch(nearest: nil))
  }

  @Test("app-wide operations need a resource that contains *")
  func appWide() {
    for resource: Capability.Resource in ["*", "[*]*", "[?]*"] {
      #expect(Capability([resource: [.stats]]).allowsAppWide(.stats), "\(resource)")
      #expect(Capability([resource: [.all]]).allowsAppWide(.stats), "\(resource)")
      #expect(!Capability([resource: [.publish]]).allowsAppWide(.stats), "\(resource)")
    }
    for resource: Capability.Resource in ["chat", "chat:*", "*:*", "[queue]*", "[meta]*", "[*]chat", "[*"] {
      #expect(!Capability([resource: [.all]]).allowsAppWide(.stats), "\(resource)")
    }
  }

  @Test("an explanation stays readable however much there is to tell")
  func long() {
    var rules: [Capability.Resource: Set<Capability.Operation>] = [:]
    for number in 0..<500 {
      rules[Capability.Resource("[?\(number)]chat")] = [Capability.Operation(rawValue: "op\(number)")]
    }
    let capability = Capability(rules)
    let name = "[?\n" + String(repeating: "x", count: 5_000) + "]chat"
    let explanation = capability.decision(for: .publish, on: name).explanation
    #expect(explanation.utf8.count < 1_000)
    #expect(explanation.contains("and 497 more match but list only") && explanation.contains("and 483 more"))
    #expect(!explanation.contains { $0.isNewline })
  }
}
