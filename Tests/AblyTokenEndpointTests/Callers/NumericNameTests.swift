internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import Testing

/// Callers whose `sub` is a number.
@Suite struct NumericNameTests {
  private let policy = ClosurePolicy { _, _ in
    .grant(TokenGrant(clientId: nil, capability: ["chat": [.publish]]))
  }

  @Test("they are counted apart, and the audit record names them")
  func apart() async throws {
    let desk = try Desk(policy: policy, limit: RateLimit(1, per: .seconds(60)))
    #expect(await desk.ask(token: Login.token(["sub": 1])).status == .ok)
    #expect(await desk.ask(token: Login.token(["sub": 2])).status == .ok)
    #expect(await desk.ask(token: Login.token(["sub": 1])).status == .tooManyRequests)
    #expect(desk.audit.records.map(\.caller) == ["1", "2", "1"])
  }

  @Test("two ways that know two people by one name count them apart")
  func ways() async throws {
    let callers = ClosureCallers { request in
      Caller(subject: "bob", way: request.target.contains("by=a") ? "a" : "b")
    }
    let desk = try Desk(callers: [callers], policy: policy, limit: RateLimit(1, per: .seconds(60)))
    #expect(await desk.ask("by=a").status == .ok)
    #expect(await desk.ask("by=b").status == .ok)
    #expect(await desk.ask("by=a").status == .tooManyRequests)
  }

  @Test("a rule that denies a number denies the text too, and the other way round", arguments: [true, false])
  func denied(isQuoted: Bool) async throws {
    let rules = try PolicyExplanation(
      PolicyFile(
        yaml: """
          callers: { jwt: { secret-env: X } }
          rules:
            - { when: { sub: \(isQuoted ? "\"1234\"" : "1234") }, deny: banned }
            - { clientId: "{sub}", capability: { chat: [publish] } }
          """))
    #expect(rules.outcome(for: ["sub": "1234"]).contains("banned"))
    #expect(rules.outcome(for: ["sub": 1234]).contains("banned"))
    #expect(!rules.outcome(for: ["sub": "12345"]).contains("banned"))
    #expect(!rules.outcome(for: ["sub": true]).contains("banned"))
  }

  @Test("what a policy failed with stands in the record, and not in the answer")
  func failure() async throws {
    let desk = try Desk(
      policy: ClosurePolicy { _, _ in throw ErrorInfo(.timeout, "no answer from db.internal:5432") })
    let answer = await desk.ask()
    #expect(answer.status == .serviceUnavailable)
    #expect(!answer.text.contains("db.internal"))
    #expect(desk.audit.lines.contains("db.internal"))
  }
}
