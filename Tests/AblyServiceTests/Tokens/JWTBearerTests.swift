internal import AblyTokens
internal import Crypto
internal import Testing

@testable internal import AblyService

@Suite struct JWTBearerTests {
  private func jwt(
    _ desk: Desk, of key: ServiceKey, ttl: Duration = .seconds(60), _ capability: Capability? = nil,
    clientId: String? = nil
  ) throws -> String {
    let claims = AblyJWT.Claims(
      ttl: ttl, capability: capability, clientId: clientId, issuedAt: desk.clock.date)
    return try AblyJWTSigner(key: key.key).mint(claims).token
  }

  @Test("RSA3: a JWT does what its capability and its key both allow")
  func narrows() async throws {
    let desk = try Desk()
    let token = try jwt(desk, of: desk.chat, ["*": [.history]])
    #expect(await desk.history("chat:lobby", as: bearer(token)).status == 200)
    #expect(await desk.history("admin", as: bearer(token)).refusal == Refusal(401, 40160))
    #expect(await desk.publish(["name": "x"], as: bearer(token)).refusal == Refusal(401, 40160))
    let bare = try jwt(desk, of: desk.chat)
    #expect(await desk.publish(["name": "x"], as: bearer(bare)).status == 201)
  }

  @Test("a header with white space, signed as it stands, is as good as any")
  func spacedHeader() async throws {
    let desk = try Desk()
    let second = Desk.start / 1000
    let header = #"{ "typ": "JWT", "alg": "HS256", "kid": "appOne.keyRoot" }"#
    let claims = #"{ "iat": \#(second), "exp": \#(second + 60) }"#
    let signed = "\(Base64.url.encode(header.utf8)).\(Base64.url.encode(claims.utf8))"
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(signed.utf8), using: SymmetricKey(data: Array("rootSecret".utf8)))
    let token = "\(signed).\(Base64.url.encode(Array(code)))"
    #expect(await desk.history(as: bearer(token)).status == 200)
  }

  @Test("a capability over 32 KiB is 40144")
  func tooManyRules() async throws {
    let desk = try Desk()
    var rules: [Capability.Resource: Set<Capability.Operation>] = [:]
    for index in 0..<3000 { rules[Capability.Resource("chat:\(index)")] = [.publish] }
    let token = try jwt(desk, of: desk.chat, Capability(rules))
    #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40144))
  }

  @Test("a JWT's clientId is enforced and implicit, an empty one is none")
  func clientId() async throws {
    let desk = try Desk()
    let bob = try bearer(jwt(desk, of: desk.root, clientId: "bob"))
    #expect(await desk.publish(["name": "x"], as: bob).status == 201)
    #expect(await desk.publish(["name": "x", "clientId": "eve"], as: bob).refusal == Refusal(400, 40012))
    #expect(await desk.history().body.array?.first?["clientId"] == "bob")
    let nobody = try bearer(jwt(desk, of: desk.root, clientId: ""))
    #expect(await desk.publish(["name": "x", "clientId": "eve"], as: nobody).refusal == Refusal(400, 40012))
  }

  @Test("RSA4b: an expired JWT is 40142")
  func expires() async throws {
    let desk = try Desk()
    let token = try jwt(desk, of: desk.root)
    desk.clock.advance(by: 60_000)
    #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40142))
  }

  @Test("another secret, a changed claim and another algorithm are 40144")
  func invalid() async throws {
    let desk = try Desk()
    let forged = try jwt(desk, of: ServiceKey(APIKey("appOne.keyRoot:wrong")))
    let parts = try jwt(desk, of: desk.root).split(separator: ".")
    let none = Base64.url.encode(#"{"typ":"JWT","alg":"none","kid":"appOne.keyRoot"}"#.utf8)
    let nameless = Base64.url.encode(#"{"typ":"JWT","alg":"HS256"}"#.utf8)
    let claims = Base64.url.encode(#"{"iat":1700000000,"exp":1700000060,"x-ably-clientId":"eve"}"#.utf8)
    let tokens = [
      forged, "\(parts[0]).\(claims).\(parts[2])", "\(none).\(parts[1]).\(parts[2])", "\(none).\(parts[1]).",
      "\(nameless).\(parts[1]).\(parts[2])", "eyJ.\(parts[1]).\(parts[2])",
    ]
    for token in tokens {
      #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40144), "\(token)")
    }
  }

  @Test(
    "a JWT that is signed as HS256 asks, and names another algorithm, is 40144",
    arguments: ["HS256", "HS384", "none"])
  func algorithm(name: String) async throws {
    let desk = try Desk()
    let claims = try jwt(desk, of: desk.root).split(separator: ".")[1]
    let header = Base64.url.encode(#"{"typ":"JWT","alg":"\#(name)","kid":"appOne.keyRoot"}"#.utf8)
    let signed = Array("\(header).\(claims)".utf8)
    let signature = HMAC<SHA256>.authenticationCode(
      for: signed, using: SymmetricKey(data: Array("rootSecret".utf8)))
    let token = "\(header).\(claims).\(Base64.url.encode(Array(signature)))"
    let answer = await desk.history(as: bearer(token))
    #expect(name == "HS256" ? answer.status == 200 : answer.refusal == Refusal(401, 40144))
  }

  @Test(
    "a JWT that names an app or key that is not here is 40400, as the JavaScript client's suite has it",
    arguments: [("noApp.key:secret", 404), ("appOne.nope:secret", 401)])
  func unknown(key: String, status: Int) async throws {
    let desk = try Desk()
    let token = try jwt(desk, of: ServiceKey(APIKey(key)))
    #expect(await desk.history(as: bearer(token)).refusal == Refusal(status, 40400))
  }

  @Test("under a key with revocable tokens a JWT lives an hour at most")
  func revocable() async throws {
    let desk = try Desk()
    let hour = try jwt(desk, of: desk.revocable, ttl: .seconds(3600))
    let longer = try jwt(desk, of: desk.revocable, ttl: .seconds(3601))
    #expect(await desk.history(as: bearer(hour)).status == 200)
    #expect(await desk.history(as: bearer(longer)).refusal == Refusal(401, 40144))
  }
}
