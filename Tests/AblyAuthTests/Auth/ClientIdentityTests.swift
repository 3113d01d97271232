internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

@Suite("clientId and tokenDetails")
struct ClientIdentityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let own: String?
    let token: TokenDetails?
    let clientId: String?
  }

  static let cases = [
    Case(testDescription: "RSA7b1, RSC17, TO3a: of the options", own: "bob", token: nil, clientId: "bob"),
    Case(testDescription: "RSA12b: none", own: nil, token: nil, clientId: nil),
    Case(testDescription: "RSA12a: of nobody", own: nil, token: .init(token: "t"), clientId: nil),
    Case(
      testDescription: "RSA7b2: of the token", own: nil, token: .init(token: "t", clientId: "bob"),
      clientId: "bob"),
    Case(
      testDescription: "RSA7b4: of anybody", own: nil, token: .init(token: "t", clientId: "*"), clientId: "*"),
    Case(
      testDescription: "RSA15a: of both", own: "bob", token: .init(token: "t", clientId: "bob"),
      clientId: "bob"),
    Case(
      testDescription: "RSA15b: one of anybody", own: "bob", token: .init(token: "t", clientId: "*"),
      clientId: "bob"),
    Case(
      testDescription: "RSA7b1: of the options, not of a token of nobody", own: "bob",
      token: .init(token: "t"), clientId: "bob"),
  ]

  @Test("RSA7b, RSA12, RSA15b, RSC5, TO3j3: the identity of a client", arguments: cases)
  func identity(_ row: Case) throws {
    let client = try RESTClient.stubbed(StubTransport(.time)) {
      $0.clientId = row.own
      $0.tokenDetails = row.token
    }
    #expect(client.auth.clientId == row.clientId)
    #expect(client.clientId == row.clientId)
    #expect(client.auth.tokenDetails == row.token, "RSA16a, RSA16d")
  }

  @Test("RSA7b2, RSA16c: an obtained token brings its identity")
  func obtained() async throws {
    let transport = StubTransport(.json(["token": "t", "clientId": "carol"]), .json([]))
    let client = try RESTClient.stubbed(transport) {
      $0.useTokenAuth = true
      $0.defaultTokenParams = TokenParams(clientId: "carol")
    }
    #expect(client.auth.clientId == nil, "RSA12b")
    try await client.channel("c").publish(name: nil, data: nil)
    #expect(client.auth.clientId == "carol")
    #expect(client.auth.tokenDetails == TokenDetails(token: "t", clientId: "carol"))
  }

  @Test("RSA7b2, RSA10g, RSA16a: what authorize obtains with a key is what the client then has, whole")
  func authorized() async throws {
    let details: JSONValue = [
      "token": "new-token", "expires": 4_102_444_800_000, "issued": 4_102_441_200_000,
      "keyName": "appId.keyId", "clientId": "token-client",
    ]
    let client = try RESTClient.stubbed(StubTransport(.json(details)))
    #expect(client.auth.tokenDetails == nil)
    let token = try await client.auth.authorize()
    #expect(token == (try TokenDetails(json: details)))
    #expect(client.auth.tokenDetails == token)
    #expect(client.auth.tokenDetails?.clientId == "token-client")
    #expect(client.auth.clientId == "token-client")
  }

  @Test("RSA7b2, RSA7: the identity is that of the token that authorize brings, whatever it was before")
  func follows() async throws {
    let calls = Mutexed(0)
    let client = try AuthCallbackTests.client(StubTransport(.json([]))) { _ in
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      return .tokenDetails(TokenDetails(token: "token-\(number)", clientId: "client-\(number)"))
    }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(client.auth.clientId == "client-1")
    try await client.auth.authorize()
    #expect(client.auth.clientId == "client-2")
  }
}
