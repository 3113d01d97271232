internal import AblyAuth
internal import AblyTokens
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
}
