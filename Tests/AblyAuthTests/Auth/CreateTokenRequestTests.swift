internal import AblyAuth
internal import AblyTokens
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("createTokenRequest")
struct CreateTokenRequestTests {
  let transport = StubTransport(.time)

  @Test("RSA9a, RSA9g: what is signed verifies under the key, and nothing is asked of the network")
  func signed() async throws {
    let request = try await RESTClient.stubbed(transport).auth.createTokenRequest()
    #expect(request.keyName == Sample.keyName)
    #expect(TokenRequestSigner(key: try APIKey(Sample.key)).verify(request))
    #expect(!TokenRequestSigner(key: try APIKey("appId.keyId:other")).verify(request))
    #expect(transport.sent.isEmpty)
  }

  @Test("RSA5, RSA6, RSA9e, RSA9f: ttl, capability and client id that nobody gave are absent")
  func absent() async throws {
    let request = try await RESTClient.stubbed(transport).auth.createTokenRequest()
    #expect(request.ttl == nil)
    #expect(request.capabilityText == nil)
    #expect(request.clientId == nil)
    let json = try JSONValue(parsing: request.jsonText)
    #expect(json.object?.keys.sorted() == ["keyName", "mac", "nonce", "timestamp"])
  }

  @Test("RSA9c: a nonce of 16 characters or more, never the same twice; a given one is kept")
  func nonce() async throws {
    let auth = try RESTClient.stubbed(transport).auth
    var nonces: Set<String> = []
    for _ in 0..<100 { nonces.insert(try await auth.createTokenRequest().nonce) }
    #expect(nonces.count == 100)
    #expect(nonces.allSatisfy { $0.count >= 16 })
    #expect(try await auth.createTokenRequest(TokenParams(nonce: "own nonce")).nonce == "own nonce")
  }

  @Test("RSA9d: this machine's time where none is given, the given one where there is one")
  func timestamp() async throws {
    let auth = try RESTClient.stubbed(transport).auth
    #expect(try await auth.createTokenRequest().timestamp == Sample.now)
    let given = Date(timeIntervalSince1970: 5)
    #expect(try await auth.createTokenRequest(TokenParams(timestamp: given)).timestamp == given)
  }

  static let parameters = TokenParams(
    ttl: .seconds(1800), capability: ["chat:*": [.subscribe]], clientId: "alice")

  @Test("RSA9h, RSA5, RSA6, TO3j11: without arguments the client's defaults count")
  func defaults() async throws {
    let auth = try RESTClient.stubbed(transport) { $0.defaultTokenParams = Self.parameters }.auth
    let request = try await auth.createTokenRequest()
    #expect(request.ttl == .seconds(1800))
    #expect(request.capabilityText == #"{"chat:*":["subscribe"]}"#)
    #expect(request.clientId == "alice")
  }

  @Test("RSA9h: given parameters replace the defaults as a whole, even empty ones")
  func replacedParams() async throws {
    let auth = try RESTClient.stubbed(transport) {
      $0.defaultTokenParams = Self.parameters
      $0.clientId = "bob"
    }.auth
    let empty = try await auth.createTokenRequest(TokenParams())
    #expect(empty.ttl == nil)
    #expect(empty.capabilityText == nil)
    #expect(empty.clientId == nil)
    let other = try await auth.createTokenRequest(TokenParams(ttl: .seconds(60)))
    #expect(other.ttl == .seconds(60))
    #expect(other.capabilityText == nil)
    #expect(other.clientId == nil)
  }

  @Test("RSA9h, AO1: given options replace the client's as a whole, even empty ones")
  func replacedOptions() async throws {
    let auth = try RESTClient.stubbed(transport) { $0.queryTime = true }.auth
    let error = await #expect(throws: ErrorInfo.self) {
      try await auth.createTokenRequest(options: AuthOptions())
    }
    #expect(error?.code == .invalidCredentials)
    #expect(error?.statusCode == 401)
    let other = try await auth.createTokenRequest(options: AuthOptions(key: "app.other:secret"))
    #expect(other.keyName == "app.other")
    #expect(TokenRequestSigner(key: try APIKey("app.other:secret")).verify(other))
    #expect(transport.sent.isEmpty, "the client's queryTime must not survive options that do not set it")
  }

  @Test("RSA9: a client with a token alone has no key to sign with, 40101")
  func noKey() async throws {
    let auth = try RESTClient(options: ClientOptions(token: "t"), transport: transport).auth
    let error = await #expect(throws: ErrorInfo.self) { try await auth.createTokenRequest() }
    #expect(error?.code == .invalidCredentials)
    #expect(error?.remedy?.isEmpty == false)
  }

  @Test("AO2a: a malformed key to sign with is 40101", arguments: ["", "nokey", "name:", ":secret"])
  func malformedKey(key: String) throws {
    let error = try #require(throws: ErrorInfo.self) { try AuthOptions(key: key) }
    #expect(error.code == .invalidCredentials)
    #expect(error.cause?.code == .notFound)
  }

  @Test("RSA7a4, RSA7d: the client's own id goes before that of its default parameters")
  func ownClientId() async throws {
    let auth = try RESTClient.stubbed(transport) {
      $0.clientId = "bob"
      $0.defaultTokenParams = TokenParams(ttl: .seconds(60), clientId: "alice")
    }.auth
    let request = try await auth.createTokenRequest()
    #expect(request.clientId == "bob")
    #expect(request.ttl == .seconds(60))
  }

  @Test("TK2d: a timestamp among the defaults is not used")
  func storedTimestamp() async throws {
    let auth = try RESTClient.stubbed(transport) {
      $0.defaultTokenParams = TokenParams(timestamp: Date(timeIntervalSince1970: 5))
    }.auth
    #expect(try await auth.createTokenRequest().timestamp == Sample.now)
  }

  @Test("parameters that cannot be signed are refused before anything is sent")
  func unsignable() async throws {
    let auth = try RESTClient.stubbed(transport).auth
    let lineFeed = await #expect(throws: ErrorInfo.self) {
      try await auth.requestToken(TokenParams(clientId: "a\nb"))
    }
    #expect(lineFeed?.code == .invalidClientId)
    let negative = await #expect(throws: ErrorInfo.self) {
      try await auth.requestToken(TokenParams(ttl: .seconds(-1)))
    }
    #expect(negative?.code == .invalidParameterValue)
    #expect(transport.sent.isEmpty)
  }
}
