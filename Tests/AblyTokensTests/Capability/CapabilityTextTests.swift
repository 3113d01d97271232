internal import AblyTokens
internal import Testing

@Suite("Capabilities as values and as text")
struct CapabilityTextTests {
  private static let texts: [(Capability, String)] = [
    ([:], "{}"),
    (.everything, #"{"[*]*":["*"]}"#),
    (["b": [.subscribe, .publish], "a:*": [.history]], #"{"a:*":["history"],"b":["publish","subscribe"]}"#),
    (["b": [.publish, .all]], #"{"b":["*"]}"#),
    (["b": ["warp", .publish, "aim"]], #"{"b":["aim","publish","warp"]}"#),
    (["b": []], #"{"b":[]}"#),
    (
      [#"quote"back\slash"#: [.publish], "tab\tnew\n\u{1}": [.publish], "é/😀": [.publish]],
      #"{"quote\"back\\slash":["publish"],"tab\tnew\n\u0001":["publish"],"é/😀":["publish"]}"#
    ),
    (
      ["[?]chat": [.subscribe], "zeta": [.subscribe], "alpha:*": [.presence]],
      #"{"[?]chat":["subscribe"],"alpha:*":["presence"],"zeta":["subscribe"]}"#
    ),
    // UTF-8 order; that of UTF-16 would put the last one before the one ahead of it.
    (
      ["\u{1F600}": [.all], "\u{FFFD}": [.all], "a": [.all], "Z": [.all], "*": [.all]],
      ##"{"*":["*"],"Z":["*"],"a":["*"],"\##u{FFFD}":["*"],"\##u{1F600}":["*"]}"##
    ),
  ]

  @Test("RSA9f: the canonical text is sorted, without spaces, and escaped", arguments: texts)
  func canonicalText(capability: Capability, text: String) throws {
    #expect(capability.canonicalText.utf8.elementsEqual(text.utf8), "\(capability.canonicalText)")
    #expect(capability.description == capability.canonicalText)
    #expect(try Capability(parsing: text) == capability)
  }

  @Test("the order of writing does not show")
  func order() {
    let one = Capability(["a": [.publish, .subscribe], "b": [.history]])
    let other: Capability = ["b": [.history], "a": [.subscribe, .publish]]
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one != ["a": [.publish], "b": [.history]])
  }

  @Test("its rules can be read back")
  func rules() {
    let rules: [Capability.Resource: Set<Capability.Operation>] = [
      "a": [.publish, "warp"], "b:*": [.all], "c": [],
    ]
    #expect(Capability(rules).rules == rules)
    #expect(Capability(["a": [.all, .publish]]).rules == ["a": [.all]])
  }

  @Test("a resource that a literal repeats gets both lists")
  func repeated() {
    #expect(["a": [.publish], "a": [.subscribe]] as Capability == ["a": [.publish, .subscribe]])
  }

  @Test("spellings that String takes for equal stay two rules")
  func bytes() {
    let capability: Capability = ["\u{E9}": [.publish], "e\u{301}": [.subscribe]]
    #expect(capability.rules.count == 2)
    #expect(capability.allows(.publish, on: "\u{E9}") && !capability.allows(.subscribe, on: "\u{E9}"))
    #expect(capability != ["\u{E9}": [.publish, .subscribe]])
  }

  @Test(
    "it is empty when no rule allows anything",
    arguments: [[:], ["a": []], ["": [.all]], ["[x": [.all]]] as [Capability])
  func isEmpty(capability: Capability) {
    #expect(capability.isEmpty)
    #expect(capability.normalized == [:])
    #expect(capability.isSubset(of: [:]))
    #expect(!Capability(["a": [.publish]]).isEmpty)
  }
}
