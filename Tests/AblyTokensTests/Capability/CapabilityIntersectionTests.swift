internal import AblyTokens
internal import Testing

@Suite("Intersections that people meet")
struct CapabilityIntersectionTests {
  private static let table: [(Capability, Capability, String)] = [
    (["chat:*": [.all]], ["*:lobby": [.publish]], #"{"chat:lobby":["publish"]}"#),
    (["a": [.publish, .subscribe]], ["a": [.subscribe, .history]], #"{"a":["subscribe"]}"#),
    (["a": [.publish]], ["a": [.subscribe]], "{}"),
    (["a": [.publish]], ["b": [.publish]], "{}"),
    (["a": [.all]], ["a": [.all]], #"{"a":["*"]}"#),
    (["*": ["warp", .publish]], ["a": [.all]], #"{"a":["publish","warp"]}"#),
    (["*": [.all]], ["[queue]*": [.all], "[meta]*": [.all]], "{}"),
    ([:], .everything, "{}"),
    // One name under two rules gets what both give.
    (["a:*": [.publish], "*:b": [.subscribe]], ["a:b": [.all]], #"{"a:b":["publish","subscribe"]}"#),
    // What a wider rule gives anyway is not said again; what it does not give is.
    (["a:*": [.publish], "a:b": [.publish]], .everything, #"{"a:*":["publish"]}"#),
    (
      ["a:*": [.publish], "a:b": [.publish, .presence]], .everything,
      #"{"a:*":["publish"],"a:b":["presence","publish"]}"#
    ),
    (["a:*": [.all], "a:b": [.publish], "a:b:c": ["warp"]], .everything, #"{"a:*":["*"]}"#),
    (
      ["a:*": [.publish], "*:b": [.subscribe], "a:b": [.publish, .subscribe]], .everything,
      #"{"*:b":["subscribe"],"a:*":["publish"]}"#
    ),
    (
      ["[*]*": [.publish], "*": [.publish, .subscribe], "[queue]q": [.publish]], .everything,
      #"{"*":["publish","subscribe"],"[*]*":["publish"]}"#
    ),
    (["[?]chat": [.subscribe], "chat": [.publish]], .everything, #"{"chat":["publish","subscribe"]}"#),
    // Ably's documentation, "Ably Token with intersection of capabilities".
    (
      [
        "your-namespace:*": [.publish, .subscribe, .presence], "notifications": [.subscribe, .history],
        "alerts": [.subscribe],
      ],
      ["your-namespace:user-123": [.subscribe], "notifications": [.all], "private": [.publish, .subscribe]],
      #"{"notifications":["history","subscribe"],"your-namespace:user-123":["subscribe"]}"#
    ),
  ]

  @Test("of two capabilities", arguments: table)
  func intersection(left: Capability, right: Capability, expected: String) {
    #expect(left.intersection(right).canonicalText == expected)
    #expect(right.intersection(left).canonicalText == expected)
    #expect(left.intersection(right).isEmpty == (expected == "{}"))
  }

  @Test("a key with overlapping rules, asked for just those, gives just those")
  func overlapping() {
    let key: Capability = [
      "cansubscribe:*": [.subscribe], "canpublish:*": [.publish],
      "canpublish:andpresence": [.presence, .publish],
      "pushenabled:*": [.publish, .subscribe, .pushSubscribe],
      "pushenabled:admin:*": [.publish, .subscribe, .pushAdmin],
    ]
    #expect(key.intersection(key) == key)
    #expect(key.intersection(.everything) == key)
    #expect(key.normalized == key)
  }

  @Test("where two rules meet, nothing is added to a third")
  func meeting() {
    let capability: Capability = ["a:*": [.publish], "*:b": [.publish], "a:b": [.history]]
    #expect(capability.intersection(capability) == capability)
  }

  @Test("different rules that allow the same are equivalent")
  func equivalence() {
    let one: Capability = ["a:*": [.publish], "a:b": [.publish, .history]]
    let other: Capability = ["a:*": [.publish], "a:b": [.history]]
    #expect(one != other)
    #expect(one.isEquivalent(to: other))
    #expect(!one.isEquivalent(to: ["a:*": [.publish]]))
  }

  private static let subsets: [(Capability, Capability, Bool)] = [
    (["a": [.publish]], ["*": [.publish]], true), (["*": [.publish]], ["a": [.publish]], false),
    (["a": [.publish, .subscribe]], ["*": [.publish], "a": [.subscribe]], true),
    (["a": [.all]], ["a": Set(Capability.Operation.named)], false), (["a": ["warp"]], ["a": [.all]], true),
    (["a:*": [.publish]], ["a:*:*": [.publish], "a:b": [.publish]], false),
    (["[*]*": [.publish]], ["*": [.publish], "[queue]*": [.publish], "[meta]*": [.publish]], false),
    (["[?]a": [.publish]], ["a": [.publish]], true), (["a": [.publish]], ["[?]a": [.publish]], true),
    (["a": [.publish, .subscribe]], ["a": [.publish], "[?]a": [.subscribe]], true),
  ]

  @Test("one capability within another", arguments: subsets)
  func subset(left: Capability, right: Capability, expected: Bool) {
    #expect(left.isSubset(of: right) == expected)
  }
}
