internal import AblyAuth
internal import AblyTokens
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("revokeTokens")
struct RevokeTokensTests {
  static let success: JSONValue = [
    "target": "clientId:alice", "issuedBefore": 1_700_000_000_000, "appliesAt": 1_700_000_001_000,
  ]
  static let failure: JSONValue = [
    "target": "invalid:abc", "error": ["code": 40000, "statusCode": 400, "message": "no such type"],
  ]

  @Test("RSA17, RSA17g, RSA17b, TRT1, TRT2a, TRT2b: a POST with the key, and targets as type:value")
  func request() async throws {
    let transport = StubTransport(.json([Self.success]))
    _ = try await RESTClient.stubbed(transport).auth.revokeTokens([
      .clientId("alice"), .revocationKey("group:1"), .channel("a:b"), .init(type: "new", value: "x"),
    ])
    let sent = transport.sent[0]
    #expect(sent.line == "POST /keys/appId.keyId/revokeTokens")
    #expect(sent["Authorization"] == Sample.basic)
    #expect(
      try sent.json == ["targets": ["clientId:alice", "revocationKey:group:1", "channel:a:b", "new:x"]],
      "RSA17e, RSA17f: what is not given is absent")
  }

  @Test("RSA17e, RSA17f: a time and a margin", arguments: [true, false])
  func timeAndMargin(margin: Bool) async throws {
    let transport = StubTransport(.json([Self.success]))
    _ = try await RESTClient.stubbed(transport).auth.revokeTokens(
      [.clientId("alice")], issuedBefore: Date(timeIntervalSince1970: 1_700_000_000.5),
      allowReauthMargin: margin)
    #expect(
      try transport.sent[0].json == [
        "targets": ["clientId:alice"], "issuedBefore": 1_700_000_000_500, "allowReauthMargin": .bool(margin),
      ])
  }

  static let answers: [(JSONValue, Int, Int)] = [
    (["successCount": 1, "failureCount": 0, "results": [success]], 1, 0),
    (["successCount": 1, "failureCount": 1, "results": [success, failure]], 1, 1),
    (["successCount": 0, "failureCount": 1, "results": [failure]], 0, 1),
    ([success, failure], 1, 1),
    ([], 0, 0),
  ]

  @Test(
    "RSA17c, BAR1, BAR2a, BAR2b, BAR2c, TRS1, TRS2a, TRS2b, TRS2c, TRF1, TRF2a, TRF2b: what became of each",
    arguments: answers)
  func results(answer: JSONValue, successes: Int, failures: Int) async throws {
    let auth = try RESTClient.stubbed(StubTransport(.json(answer, status: 201))).auth
    let result = try await auth.revokeTokens([.clientId("alice")])
    #expect(result.successCount == successes)
    #expect(result.failureCount == failures)
    for result in result.results {
      switch result {
      case .success(let success):
        #expect(success.target == "clientId:alice")
        #expect(success.issuedBefore == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(success.appliesAt == Date(timeIntervalSince1970: 1_700_000_001))
      case .failure(let failure):
        #expect(failure.target == "invalid:abc")
        #expect(failure.error.code == .badRequest)
        #expect(failure.error.message == "no such type")
      }
    }
  }

  @Test("RSA17d: with a token it is 40162, and nothing is asked")
  func tokenAuth() async throws {
    let transport = StubTransport(.json([Self.success]))
    let clients = [
      try RESTClient.stubbed(transport) { $0.useTokenAuth = true },
      try RESTClient(options: ClientOptions(token: "t"), transport: transport),
    ]
    for client in clients {
      let error = await #expect(throws: ErrorInfo.self) {
        try await client.auth.revokeTokens([.clientId("alice")])
      }
      #expect(error?.code == .operationRequiresBasicAuth)
      #expect(error?.statusCode == 401)
    }
    #expect(transport.sent.isEmpty)
  }

  @Test("RSA17: nothing to revoke is 40003; the service's refusal passes through")
  func refusals() async throws {
    let transport = StubTransport(.json(["error": ["code": 40163, "statusCode": 401]], status: 401))
    let auth = try RESTClient.stubbed(transport).auth
    let empty = await #expect(throws: ErrorInfo.self) { try await auth.revokeTokens([]) }
    #expect(empty?.code == .invalidParameterValue)
    #expect(transport.sent.isEmpty)
    let refused = await #expect(throws: ErrorInfo.self) { try await auth.revokeTokens([.clientId("a")]) }
    #expect(refused?.code == .revocationNotEnabledForKey)
  }

  @Test(
    "RSA17c: what is no result is an error",
    arguments: [JSONValue.null, "x", ["results": [5]], [["target": "t"]]])
  func unreadable(answer: JSONValue) async throws {
    let auth = try RESTClient.stubbed(StubTransport(.json(answer))).auth
    await #expect(throws: ErrorInfo.self) { try await auth.revokeTokens([.clientId("a")]) }
  }
}
