internal import AblyAuth
internal import AblyTokens
internal import Testing

@Suite("requestToken")
struct RequestTokenTests {
  static let details: JSONValue = [
    "token": "appId.tok", "keyName": "appId.keyId", "issued": 1_700_000_000_001, "expires": 1_700_003_600_001,
    "capability": #"{"*":["*"]}"#, "clientId": "bob",
  ]

  @Test("RSA8a: signs a request, posts it to the key, without credentials, and gives the details")
  func exchange() async throws {
    let transport = StubTransport(.json(Self.details))
    let client = try RESTClient.stubbed(transport)
    let token = try await client.auth.requestToken(TokenParams(ttl: .seconds(60), clientId: "bob"))
    #expect(token == (try TokenDetails(json: Self.details)))
    let sent = transport.sent[0]
    #expect(sent.line == "POST /keys/appId.keyId/requestToken")
    #expect(sent["Authorization"] == nil)
    let request = try TokenRequest(json: sent.json)
    #expect(TokenRequestSigner(key: try APIKey(Sample.key)).verify(request))
    #expect(request.ttl == .seconds(60))
    #expect(request.clientId == "bob")
    #expect(client.auth.tokenDetails == nil, "requestToken must not change the client's credentials")
  }

  @Test("RSA8e: given parameters replace the client's as a whole")
  func replacedParams() async throws {
    let transport = StubTransport(.token)
    let auth = try RESTClient.stubbed(transport) {
      $0.defaultTokenParams = TokenParams(ttl: .seconds(60), capability: ["a": [.publish]], clientId: "alice")
    }.auth
    _ = try await auth.requestToken()
    _ = try await auth.requestToken(TokenParams())
    #expect(try transport.sent[0].json["clientId"] == "alice")
    #expect(try transport.sent[0].json["ttl"] == 60000)
    #expect(try transport.sent[0].json["capability"] == #"{"a":["publish"]}"#)
    #expect(try transport.sent[1].json.object?.keys.sorted() == ["keyName", "mac", "nonce", "timestamp"])
  }

  @Test("RSA8e: given options replace the client's as a whole; empty ones are no means, 40171")
  func replacedOptions() async throws {
    let transport = StubTransport(.token)
    let auth = try RESTClient.stubbed(transport).auth
    _ = try await auth.requestToken(options: AuthOptions(key: "app.other:secret"))
    #expect(transport.sent[0].path == "/keys/app.other/requestToken")
    let error = await #expect(throws: ErrorInfo.self) { try await auth.requestToken(options: AuthOptions()) }
    #expect(error?.code == .noMeansToRenew)
    #expect(transport.sent.count == 1)
  }

  @Test("RSA8a: the service's refusal passes through unchanged")
  func refusal() async throws {
    let transport = StubTransport(
      .json(["error": ["code": 40105, "statusCode": 401, "message": "nonce value replayed"]], status: 401))
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport).auth.requestToken()
    }
    #expect(error?.code == .nonceReplayed)
    #expect(error?.statusCode == 401)
    #expect(error?.message == "nonce value replayed")
  }

  static let nonsense: [JSONValue] = [[:], [], .null, ["token": 5], ["token": ""]]

  @Test("RSA8a: an answer without a token is an error", arguments: nonsense)
  func unreadable(body: JSONValue) async throws {
    let transport = StubTransport(.json(body))
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport).auth.requestToken()
    }
    #expect(error?.code == .invalidDataOrEncoding)
  }

  @Test("RSC8e2: an answer of another type is not quoted, for it may hold a token")
  func noQuote() async throws {
    let transport = StubTransport(.text(#"{"token":"leaked-token"}"#, type: "text/plain"))
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport).auth.requestToken()
    }
    #expect(error?.code == .invalidDataOrEncoding)
    #expect(error?.message.contains("base64") == false)
  }

  @Test("RSA8a: a key's name is one segment of the path, whatever it holds")
  func keyName() async throws {
    let transport = StubTransport(.token)
    let auth = try RESTClient.stubbed(transport).auth
    _ = try await auth.requestToken(options: AuthOptions(key: "a/../b?c:secret"))
    #expect(transport.sent[0].target == "/keys/a%2F..%2Fb%3Fc/requestToken")
  }
}
