internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Header fields of requests")
struct RequestHeaderTests {
  @Test("RSC7e, RSC7d, RSC7d1, RSC7d2: version and agent are on every request")
  func versionAndAgent() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in sent.path == "/time" ? .time : .token }
    let client = try RESTClient.stubbed(transport)
    _ = try await client.time()
    _ = try await client.auth.requestToken()
    _ = try await client.channel("c").publish(name: "n", data: "d")
    #expect(transport.sent.count == 3)
    for sent in transport.sent {
      #expect(sent["X-Ably-Version"] == "6")
      let agent = try #require(sent["Ably-Agent"])
      let products = agent.split(separator: " ")
      #expect(products[0].wholeMatch(of: /ably-auth-swift\/\d+\.\d+\.\d+/) != nil)
      #expect(products[1].wholeMatch(of: /swift\/\d+\.\d+/) != nil)
    }
  }

  @Test("RSC8c: JSON is asked for, and named where there is a body")
  func mediaTypes() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in sent.path == "/time" ? .time : .token }
    let client = try RESTClient.stubbed(transport)
    _ = try await client.time()
    _ = try await client.auth.requestToken()
    #expect(transport.sent.map { $0["Accept"] } == ["application/json", "application/json"])
    #expect(transport.sent.map { $0["Content-Type"] } == [nil, "application/json"])
  }

  @Test("RSA7e2: the client's id is on every request, in base64")
  func clientId() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in sent.path == "/time" ? .time : .token }
    let client = try RESTClient.stubbed(transport) { $0.clientId = "bób" }
    _ = try await client.time()
    _ = try await client.auth.requestToken()
    _ = try await client.channel("c").publish(name: "n", data: "d")
    #expect(transport.sent.map { $0["X-Ably-ClientId"] } == ["YsOzYg==", "YsOzYg==", "YsOzYg=="])
  }

  @Test("RSA7e2: without an id there is no such field")
  func noClientId() async throws {
    let transport = StubTransport(.time)
    _ = try await RESTClient.stubbed(transport) {
      $0.defaultTokenParams = TokenParams(clientId: "bob")
    }.time()
    #expect(transport.sent[0]["X-Ably-ClientId"] == nil)
  }
}
