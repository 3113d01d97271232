internal import AblyTokens
internal import Testing

/// Each of these would not end, or overflow the stack, if some step were exponential, cubic or recursive.
@Suite("Capabilities that somebody made to hurt")
struct CapabilityHostileInputTests {
  private static func publishing(_ resources: [String]) -> Capability {
    Capability(Dictionary(resources.map { (Capability.Resource($0), [.publish]) }, uniquingKeysWith: { $1 }))
  }

  @Test("a resource of very many segments")
  func long() {
    let deep = Array(repeating: "*", count: 30_000).joined(separator: ":")
    let name = Array(repeating: "a", count: 30_000).joined(separator: ":")
    let capability = Capability([Capability.Resource(deep): [.publish]])
    #expect(capability.allows(.publish, on: name))
    #expect(!capability.allows(.publish, on: String(name.dropLast(2))))
    #expect(
      capability.intersection(["a:*": [.all]]).canonicalText == "{\"a:\(deep.dropFirst(2))\":[\"publish\"]}")
    #expect(capability.intersection(capability) == capability)
    #expect(!capability.decision(for: .publish, on: name + "*:b").explanation.isEmpty)
  }

  @Test("wildcards that nearly match again and again")
  func backtracking() {
    let pattern = Array(repeating: "*:a", count: 40).joined(separator: ":") + ":b"
    let name = Array(repeating: "a", count: 81).joined(separator: ":")
    let capability = Capability([Capability.Resource(pattern): [.publish]])
    #expect(!capability.allows(.publish, on: name))
    #expect(capability.allows(.publish, on: String(name.dropLast()) + "b"))
    let stars = Capability.Resource(String(repeating: "a*", count: 10_000))
    #expect(
      !Capability([stars: [.publish]]).decision(for: .publish, on: String(repeating: "a", count: 20_000))
        .isAllowed)
  }

  @Test("thousands of resources that lie beside each other")
  func wide() throws {
    let members = (0..<4_000).map { "\"tenant:\($0):*\":[\"publish\"]" }
    let capability = try Capability(strict: "{\(members.joined(separator: ","))}")
    let common = capability.intersection(["tenant:*": [.all], "*:7:*": [.publish], "tenant:8:x": [.publish]])
    #expect(common == capability)
    #expect(common.isSubset(of: capability))
    #expect(common.allows(.publish, on: "tenant:3999:x") && !common.allows(.publish, on: "tenant:4000:x"))
  }

  @Test("every combination of wildcards and literals: each resource is inside many others")
  func lattice() {
    let resources = (0..<4_096).map { bits in
      (0..<12).map { bits >> $0 & 1 == 0 ? "a" : "*" }.joined(separator: ":") + ":z"
    }
    let widest = Array(repeating: "*", count: 12).joined(separator: ":") + ":z"
    #expect(Self.publishing(resources).normalized == Self.publishing([widest]))
  }

  @Test("resources that meet pair by pair")
  func product() {
    let common = Self.publishing((0..<60).map { "a\($0):*" })
      .intersection(Self.publishing((0..<60).map { "*:b\($0)" }))
    #expect(common.rules.count == 3_600)
    #expect(common.allows(.publish, on: "a59:b0") && !common.allows(.publish, on: "a59:b60"))
  }

  @Test("thousands of operations without a name")
  func operations() throws {
    let list = (0..<20_000).map { "\"op\($0 % 10_000)\"" }.joined(separator: ",")
    let capability = try Capability(parsing: "{\"a\":[\(list)]}")
    #expect(capability.rules["a"]?.count == 10_000)
    #expect(capability.intersection(capability) == capability)
    #expect(capability.allows("op9999", on: "a") && !capability.allows("op10000", on: "a"))
  }

  @Test("a document nested deeper than any capability is refused")
  func nested() {
    let text = "{\"a\":" + String(repeating: "[", count: 100_000)
    #expect(throws: ErrorInfo.self) { try Capability(strict: text) }
  }
}
