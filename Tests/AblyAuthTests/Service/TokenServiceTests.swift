internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Against the service, over HTTP: tokens")
struct TokenServiceTests {
  static let chat: Capability = ["chat:*": [.publish, .history]]

  @Test("RSA9a, RSA9g, RSA8f: a signed request becomes a token that may do what it was given and no more")
  func story() async throws {
    try await ServiceDesk.open { desk in
      let request = try await desk.trusted().auth.createTokenRequest(
        TokenParams(ttl: .seconds(600), capability: Self.chat, clientId: "bob"))
      let token = try await desk.exchange(request)
      #expect(token.clientId == "bob")
      #expect(token.capability == Self.chat)
      let client = try desk.bearer(token)
      #expect(client.auth.clientId == "bob")
      let result = try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
      #expect(result.serials.count == 1)
      let history = try await client.channel("chat:lobby").history()
      #expect(history.items.map(\.data) == ["hello"])
      #expect(history.items.map(\.clientId) == ["bob"])
      let refused = await #expect(throws: ErrorInfo.self) {
        try await client.channel("admin:audit").publish(name: "n", data: nil)
      }
      #expect(refused?.code == .capabilityDenied)
      #expect(refused?.statusCode == 401)
      let replayed = await #expect(throws: ErrorInfo.self) { try await desk.exchange(request) }
      #expect(replayed?.code == .nonceReplayed)
    }
  }

  @Test("RSA5, RSA6, RSA8a: a token asked for without more has the service's hour and the key's capability")
  func defaults() async throws {
    try await ServiceDesk.open { desk in
      let token = try await desk.trusted().auth.requestToken()
      let issued = try #require(token.issued)
      #expect(token.expires == issued + 3600)
      #expect(token.capabilityText == #"{"*":["*"]}"#)
      #expect(token.clientId == nil)
      #expect(token.keyName == "appId.keyId")
    }
  }

  static let refused: [(TokenParams, ErrorInfo.Code, Int)] = [
    (TokenParams(timestamp: Date(timeIntervalSince1970: 0)), .timestampOutsideWindow, 401),
    (TokenParams(ttl: .seconds(86_401)), .invalidParameterValue, 400),
  ]

  @Test("RSA8b: the service's refusals come through", arguments: refused)
  func refusal(params: TokenParams, code: ErrorInfo.Code, status: Int) async throws {
    try await ServiceDesk.open { desk in
      let error = await #expect(throws: ErrorInfo.self) { try await desk.trusted().auth.requestToken(params) }
      #expect(error?.code == code)
      #expect(error?.statusCode == status)
      #expect(error?.remedy?.isEmpty == false)
    }
  }

  @Test("RSA9g: a wrong secret is refused with 40101")
  func wrongSecret() async throws {
    try await ServiceDesk.open { desk in
      let options = try AuthOptions(key: "appId.keyId:other")
      let error = await #expect(throws: ErrorInfo.self) {
        try await desk.trusted().auth.requestToken(options: options)
      }
      #expect(error?.code == .invalidCredentials)
    }
  }

  @Test("RSA9d, RSA10k: with queryTime a clock that is years off signs requests that the service takes")
  func wrongClock() async throws {
    try await ServiceDesk.open { desk in
      var options = try ClientOptions(key: ServiceDesk.key)
      options.endpoint = desk.address.host
      options.port = desk.address.port
      options.tls = false
      options.useTokenAuth = true
      let wrong: @Sendable () -> Date = { Date() + 1e8 }
      let hopeless = try RESTClient(options: options, transport: nil, clock: .stopped(wrong))
      let error = await #expect(throws: ErrorInfo.self) { try await hopeless.auth.requestToken() }
      #expect(error?.code == .timestampOutsideWindow)
      options.queryTime = true
      let cured = try RESTClient(options: options, transport: nil, clock: .stopped(wrong))
      #expect(try await cured.auth.requestToken().token.isEmpty == false)
    }
  }

  @Test("RSC16: the service's time")
  func time() async throws {
    try await ServiceDesk.open { desk in
      let before = Date()
      let time = try await desk.trusted().time()
      #expect(time.timeIntervalSince(before) > -1)
      #expect(Date().timeIntervalSince(time) > -1)
    }
  }

  @Test("RSA17, RSA4b, RSA4a2: a revoked token is renewed by who can, and is the end for who cannot")
  func revocation() async throws {
    try await ServiceDesk.open { desk in
      let holder = try desk.trusted { $0.key = try? APIKey(ServiceDesk.revocableKey) }
      let params = TokenParams(clientId: "bob")
      let bare = try desk.bearer(try await holder.auth.requestToken(params))
      let renewing = try desk.bearer(try await holder.auth.requestToken(params)) {
        $0.authCallback = { params in .tokenDetails(try await holder.auth.requestToken(params)) }
      }
      // A token of the very millisecond of the revocation was not issued before it.
      let issued = try #require(renewing.auth.tokenDetails?.issued)
      var now = issued
      while now <= issued { now = try await holder.time() }
      let result = try await holder.auth.revokeTokens([.clientId("bob")], issuedBefore: now)
      #expect(result.successCount == 1)
      let old = renewing.auth.tokenDetails
      try await renewing.channel("c").publish(name: "n", data: nil)
      #expect(renewing.auth.tokenDetails != old)
      let error = await #expect(throws: ErrorInfo.self) {
        try await bare.channel("c").publish(name: "n", data: nil)
      }
      #expect(error?.code == .noMeansToRenew)
      #expect(error?.cause?.code == .tokenRevoked)
    }
  }
}
