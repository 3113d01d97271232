internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import Testing

@Suite struct CountingTests {
  private let one = RateLimit(1, per: .seconds(60))

  @Test("callers without a sub are told apart by their other claims, but not by times and token ids")
  func nameless() async throws {
    let policy = ClosurePolicy { _, _ in .grant(TokenGrant(clientId: nil, capability: ["a": [.publish]])) }
    let desk = try Desk(policy: policy, limit: one)
    func ask(_ org: String, _ more: [String: JSONValue] = [:]) async -> Int {
      let claims = more.merging(["sub": .null, "org": .string(org)]) { $1 }
      return await desk.ask(token: Login.token(claims)).status.code
    }
    #expect(await ask("x") == 200)
    #expect(await ask("y") == 200)
    #expect(await ask("x", ["jti": "1", "iat": 1_800_000_000, "exp": 1_800_000_500]) == 429)
  }
}
