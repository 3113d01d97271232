internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ChannelTermsTests {
  @Test(
    "the narrowest pattern that covers a channel decides",
    arguments: [
      ("chat:lobby", "exact"), ("chat:other", "namespace"), ("chat:a:b", "namespace"), ("news", "all"),
      ("chat", "all"), ("x:lobby", "all"), ("y:z:lobby", "middle"), ("[meta]log", nil),
    ])
  func narrowest(channel: String, value: String?) {
    let rules = ChannelRules([
      "*": "all", "chat:*": "namespace", "chat:lobby": "exact", "*:z:lobby": "middle", "[broken": "never",
    ])
    #expect(rules.value(on: channel) == value)
  }

  @Test("of patterns as narrow as each other the longer one decides, then the order of their bytes")
  func ties() {
    #expect(ChannelRules(["a:*": 1, "a:*:*": 2]).value(on: "a:b:c") == 2)
    #expect(ChannelRules(["a:*": 1, "*:b": 2]).value(on: "a:b") == 2)
    #expect(ChannelRules<Int>([:]).value(on: "a") == nil)
  }

  @Test("a JWT's claims for channels and its publish rates are known of its bearer")
  func ofJWT() async throws {
    let desk = try Desk()
    let claims = AblyJWT.Claims(
      ttl: .seconds(60), channelClaims: ["chat:*": #"{"role":"host"}"#, "chat:lobby": "guest"],
      publishRates: ["*": 10, "chat:lobby": 2], issuedAt: desk.clock.date)
    let token = try AblyJWTSigner(key: desk.root.key).mint(claims).token
    let verifier = TokenVerifier(apps: desk.core.apps, revocations: RevocationIndex())
    let terms = try verifier.principal(bearing: Secret(token), at: Desk.start).terms
    #expect(terms.claim(on: try ChannelName("chat:lobby")) == "guest")
    #expect(terms.claim(on: try ChannelName("chat:x")) == #"{"role":"host"}"#)
    #expect(terms.claim(on: try ChannelName("news")) == nil)
    #expect(terms.publishRate(on: try ChannelName("chat:lobby")) == 2)
    #expect(terms.publishRate(on: try ChannelName("news")) == 10)
    let opaque = try await desk.token(of: desk.root).token
    let none = try verifier.principal(bearing: Secret(opaque), at: Desk.start).terms
    #expect(none.claims.isEmpty && none.publishRates.isEmpty)
  }
}
