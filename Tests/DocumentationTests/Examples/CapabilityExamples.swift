internal import AblyTokens
internal import Testing

@Suite("Examples of capabilities")
struct CapabilityExamples {
  @Test("what a capability allows, and why not")
  func deciding() throws {
    var printed: [String] = []
    func print(_ value: some Any) { printed.append("\(value)") }
    // snippet
    let capability: Capability = ["chat:*": [.publish, .subscribe], "news": [.subscribe]]
    print(capability.allows(.publish, on: "chat:lobby"))  // true
    print(capability.intersection(["*:lobby": [.all]]))  // {"chat:lobby":["publish","subscribe"]}
    // end
    // snippet
    print(capability.decision(for: .subscribe, on: "news:sport"))
    // "subscribe" on "news:sport" is refused: "news" is one name,
    // and only "*" after a colon would cover what is under it.
    // end
    #expect(
      printed == [
        "true", #"{"chat:lobby":["publish","subscribe"]}"#,
        #""subscribe" on "news:sport" is refused: "news" is one name, "#
          + #"and only "*" after a colon would cover what is under it."#,
      ])
  }

  @Test("what somebody asks for is narrowed by what they may have")
  func narrowing() throws {
    let asked = #"{"*": ["subscribe"], "admin:audit": ["publish"]}"#
    // snippet
    let allowed: Capability = ["chat:*": [.publish, .subscribe], "news": [.subscribe]]
    let granted = try Capability(strict: asked).intersection(allowed)
    guard !granted.isEmpty else {
      throw ErrorInfo(.capabilityDenied, "nothing of what was asked for may be granted")
    }
    // end
    #expect(granted == ["chat:*": [.subscribe], "news": [.subscribe]])
  }
}
