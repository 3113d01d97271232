internal import AblyAuth
internal import AblyTokens
internal import Testing

@Suite("Credentials of requests")
struct CredentialsTests {
  let transport = StubTransport { sent throws(HTTPFailure) in
    sent.path.hasSuffix("/requestToken") ? .token : .json([], status: 201)
  }

  @Test("RSA2, RSA11, TO3j1: a key alone is Basic")
  func basic() async throws {
    let client = try RESTClient.stubbed(transport)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.map { $0["Authorization"] } == [Sample.basic])
    #expect(client.auth.tokenDetails == nil, "RSA16d")
  }

  @Test(
    "RSA3b, RSA3d: a token travels in base64",
    arguments: ["appId.token", "eyJh.eyJi.c2ln", "odd \r\n: tökén"])
  func bearer(token: String) async throws {
    let client = try RESTClient(options: ClientOptions(token: token), transport: transport)
    try await client.channel("c").publish(name: "n", data: nil)
    let value = try #require(transport.sent[0]["Authorization"])
    #expect(value.hasPrefix("Bearer "))
    #expect(Base64.standard.decode(value.dropFirst("Bearer ".count).utf8) == Array(token.utf8))
  }

  @Test("RSA4: a token goes before a key, unless tokens are ruled out")
  func precedence() async throws {
    let both = try RESTClient.stubbed(transport) { $0.token = "t" }
    try await both.channel("c").publish(name: "n", data: nil)
    let basic = try RESTClient.stubbed(transport) {
      $0.token = "t"
      $0.useTokenAuth = false
    }
    try await basic.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.map { $0["Authorization"] } == ["Bearer dA==", Sample.basic])
    #expect(basic.auth.tokenDetails == nil, "RSA16d")
  }

  @Test("RSA4, RSA1: a callback goes before a key, and the key is not used")
  func keyAndCallback() async throws {
    let client = try RESTClient.stubbed(transport) { $0.authCallback = { _ in .token("callback-token") } }
    _ = try await client.request("GET", "/channels/c")
    #expect(transport.sent.map(\.path) == ["/channels/c"])
    #expect(transport.sent.map { $0["Authorization"] } == [RenewalTests.bearer("callback-token")])
  }

  @Test("RSC18, RSA3a: a token travels without TLS too")
  func withoutTLS() async throws {
    let transport = StubTransport(.json(["channelId": "c", "status": ["isActive": true]]))
    let client = try RESTClient.stubbed(transport) { options in
      options = ClientOptions(token: "explicit-token")
      options.tls = false
    }
    #expect(try await client.channel("c").status().channelId == "c")
    #expect(transport.sent.map(\.scheme) == ["http"])
    #expect(transport.sent.map { $0["Authorization"] } == [RenewalTests.bearer("explicit-token")])
  }

  @Test("RSA4, RSA7d: token authentication with a key obtains one token, when it is needed")
  func obtained() async throws {
    let client = try RESTClient.stubbed(transport) {
      $0.useTokenAuth = true
      $0.clientId = "bob"
      $0.defaultTokenParams = TokenParams(ttl: .seconds(60))
    }
    #expect(client.auth.tokenDetails == nil)
    try await client.channel("c").publish(name: "n", data: nil)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(
      transport.sent.map(\.path) == [
        "/keys/appId.keyId/requestToken", "/channels/c/messages", "/channels/c/messages",
      ])
    #expect(
      transport.sent.map { $0["Authorization"] } == [
        nil, "Bearer b2J0YWluZWQtdG9rZW4=", "Bearer b2J0YWluZWQtdG9rZW4=",
      ])
    #expect(try transport.sent[0].json["clientId"] == "bob")
    #expect(try transport.sent[0].json["ttl"] == 60000)
    #expect(client.auth.tokenDetails?.token == "obtained-token", "RSA16a, RSA16c")
  }

  @Test("a thousand requests at once obtain one token")
  func singleFlight() async throws {
    let client = try RESTClient.stubbed(transport) { $0.useTokenAuth = true }
    try await withThrowingTaskGroup { group in
      for _ in 0..<1000 {
        group.addTask { try await client.channel("c").publish(name: "n", data: nil) }
      }
      try await group.waitForAll()
    }
    #expect(transport.sent.count { $0.path.hasSuffix("/requestToken") } == 1)
    #expect(transport.sent.count { $0["Authorization"] == "Bearer b2J0YWluZWQtdG9rZW4=" } == 1000)
  }

  @Test("a token that could not be obtained fails the request, and the next one tries again")
  func obtainingFails() async throws {
    let transport = StubTransport(
      .json(["error": ["code": 40101, "statusCode": 401]], status: 401), .token, .json([]))
    let client = try RESTClient.stubbed(transport) { $0.useTokenAuth = true }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .invalidCredentials)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.count == 3)
  }

  @Test("RSA15a, RSA15c: a token for somebody else is not taken into use")
  func foreignToken() async throws {
    let transport = StubTransport(.json(["token": "t", "clientId": "eve"]))
    let client = try RESTClient.stubbed(transport) {
      $0.useTokenAuth = true
      $0.clientId = "bob"
    }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .incompatibleCredentials)
    #expect(client.auth.tokenDetails == nil)
    #expect(client.auth.clientId == "bob")
    #expect(transport.sent.map(\.path) == ["/keys/appId.keyId/requestToken"])
  }
}
