internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// Tokens that another issuer's JWT carries.
@Suite struct EmbeddedTokenTests {
  /// Whole seconds at which a token of a minute, made at the start, has not yet ended.
  private static let minute = Desk.start / 1000 + 60

  private func inner(_ desk: Desk, isJWT: Bool) async throws -> String {
    if isJWT {
      let claims = AblyJWT.Claims(
        ttl: .seconds(61), capability: ["chat:*": [.publish]], clientId: "bob", issuedAt: desk.clock.date)
      return try AblyJWTSigner(key: desk.root.key).mint(claims).token
    }
    return try await desk.token(
      of: desk.root,
      TokenParams(ttl: .seconds(60), capability: ["chat:*": [.publish]], clientId: "bob")
    ).token
  }

  private func publish(_ desk: Desk, _ token: String, _ message: JSONValue = ["name": "x"]) async
    -> ServiceResponse
  {
    await desk.publish(message, as: bearer(token))
  }

  @Test("an Ably token and an Ably JWT are taken out of the header or the claims", arguments: [true, false])
  func carries(isJWT: Bool) async throws {
    let desk = try Desk()
    let inner = try await inner(desk, isJWT: isJWT)
    let outer = OuterToken(expires: Self.minute)
    let tokens = [
      outer.withHeader("x-ably-token", .string(inner)).signed,
      outer.withClaim("x-ably-token", .string(inner)).signed,
      outer.withHeader("x-ably-token", .string(inner)).encrypted,
    ]
    for token in tokens {
      #expect(await publish(desk, token).status == 201)
      #expect(await publish(desk, token, ["clientId": "eve"]).refusal == Refusal(400, 40012))
      #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40160))
    }
    #expect(await desk.history().body.array?.first?["clientId"] == "bob")
  }

  @Test("what else the outer JWT claims widens nothing, even signed with the key itself")
  func widens() async throws {
    let desk = try Desk()
    var outer = OuterToken(expires: Self.minute)
      .withHeader("x-ably-token", .string(try await inner(desk, isJWT: false)))
      .withHeader("alg", "HS256").withHeader("kid", "appOne.keyRoot")
      .withClaim("x-ably-capability", #"{"*":["*"]}"#).withClaim("x-ably-clientId", "*")
      .withClaim("iat", .number(JSONNumber(Desk.start / 1000)))
    outer.secret = "rootSecret"
    #expect(await publish(desk, outer.signed, ["clientId": "eve"]).refusal == Refusal(400, 40012))
    #expect(await desk.history(as: bearer(outer.signed)).refusal == Refusal(401, 40160))
  }

  @Test(
    "an outer JWT that outlives the token in it, or that has no end, is 40144",
    arguments: [Desk.start / 1000 + 61, Desk.start / 1000 + 3600, 253_402_300_799, nil, -1] as [Int64?])
  func outlives(expires: Int64?) async throws {
    let desk = try Desk()
    let inner = try await inner(desk, isJWT: false)
    for name in [true, false] {
      let outer = OuterToken(expires: expires)
      let token =
        name
        ? outer.withHeader("x-ably-token", .string(inner)) : outer.withClaim("x-ably-token", .string(inner))
      #expect(await publish(desk, token.signed).refusal == Refusal(401, 40144))
    }
  }

  @Test("RSA4b: an outer JWT that has expired is 40142 before the token in it is")
  func outerExpires() async throws {
    let desk = try Desk()
    let token = OuterToken(expires: Desk.start / 1000 + 30)
      .withHeader("x-ably-token", .string(try await inner(desk, isJWT: false))).signed
    #expect(await publish(desk, token).status == 201)
    desk.clock.milliseconds = (Desk.start / 1000 + 30) * 1000
    #expect(await publish(desk, token).refusal == Refusal(401, 40142))
  }

  @Test("RSA4b: an encrypted one ends with the token in it")
  func encryptedExpires() async throws {
    let desk = try Desk()
    let token = OuterToken(expires: nil)
      .withHeader("x-ably-token", .string(try await inner(desk, isJWT: false))).encrypted
    desk.clock.advance(by: 59_999)
    #expect(await publish(desk, token).status == 201)
    desk.clock.advance(by: 1)
    #expect(await publish(desk, token).refusal == Refusal(401, 40142))
  }

  @Test("a bearer's rights end with the outer JWT, for connections to know")
  func expiry() async throws {
    let desk = try Desk()
    let inner = try await inner(desk, isJWT: false)
    let verifier = TokenVerifier(apps: desk.core.apps, revocations: RevocationIndex())
    let outer = OuterToken(expires: Desk.start / 1000 + 30).withHeader("x-ably-token", .string(inner))
    let principal = try verifier.principal(bearing: Secret(outer.signed), at: Desk.start)
    #expect(principal.token?.expires == (Desk.start / 1000 + 30) * 1000)
    let sealed = try verifier.principal(bearing: Secret(outer.encrypted), at: Desk.start)
    #expect(sealed.token?.expires == Desk.start + 60_000)
  }

  @Test("the token inside is checked in full: signature, app, key, expiry and revocation")
  func innerChecks() async throws {
    let desk = try Desk()
    func outcome(_ inner: String) async -> Refusal {
      let outer = OuterToken(expires: Desk.start / 1000 + 1).withHeader("x-ably-token", .string(inner))
      let (signed, encrypted) = await (publish(desk, outer.signed), publish(desk, outer.encrypted))
      #expect(signed.refusal == encrypted.refusal)
      return signed.refusal
    }
    let claims = AblyJWT.Claims(ttl: .seconds(60), issuedAt: desk.clock.date)
    let forged = try AblyJWTSigner(key: APIKey("appOne.keyRoot:wrong")).mint(claims).token
    #expect(await outcome(forged) == Refusal(401, 40144))
    let foreign = try AblyJWTSigner(key: APIKey("noApp.key:secret")).mint(claims).token
    #expect(await outcome(foreign) == Refusal(404, 40400))
    let opaque = try await desk.token(of: desk.root).token
    // Without its last character it is base64 or not, as its length has it.
    #expect([Refusal(401, 40143), Refusal(401, 40145)].contains(await outcome("\(opaque.dropLast())")))
    #expect(await outcome("appTwo\(opaque.drop { $0 != "." })") == Refusal(401, 40143))
    #expect(await outcome("nonsense") == Refusal(401, 40145))
    let ended = try await desk.token(of: desk.root, TokenParams(ttl: .zero)).token
    #expect(await outcome(ended) == Refusal(401, 40142))
    let named = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 1)
    #expect(await outcome(named).status == 201)
    let revoked = await desk.send(
      "POST", "/keys/appOne.keyRevocable/revokeTokens", ["targets": ["clientId:bob"]],
      headers: basic(desk.revocable))
    #expect(revoked.status == 201)
    #expect(await outcome(named) == Refusal(401, 40141))
  }

  @Test("envelopes lie in each other at most four deep, and none may outlive what is in it")
  func nesting() async throws {
    let desk = try Desk()
    var token = try await inner(desk, isJWT: false)
    for depth in 1...6 {
      let outer = OuterToken(expires: Self.minute).withHeader("x-ably-token", .string(token))
      token = depth.isMultiple(of: 2) ? outer.encrypted : outer.signed
      let answer = await publish(desk, token)
      #expect(depth <= 4 ? answer.status == 201 : answer.refusal == Refusal(401, 40144), "\(depth)")
    }
    let short = OuterToken(expires: Desk.start / 1000 + 10)
      .withHeader("x-ably-token", .string(try await inner(desk, isJWT: false))).signed
    let longer = OuterToken(expires: Desk.start / 1000 + 20).withHeader("x-ably-token", .string(short)).signed
    #expect(await publish(desk, longer).refusal == Refusal(401, 40144))
  }

  @Test("one that carries itself by name, or no text, or no token at all, is refused with 40144")
  func malformed() async throws {
    let desk = try Desk()
    let outer = OuterToken(expires: Self.minute)
    var tokens = [outer.encrypted, outer.withHeader("x-ably-token", .null).encrypted]
    for value: JSONValue in [7, "", [], [:], true, ["x-ably-token": "x"]] {
      tokens.append(outer.withHeader("x-ably-token", value).signed)
      tokens.append(outer.withHeader("x-ably-token", value).encrypted)
      tokens.append(outer.withClaim("x-ably-token", value).signed)
    }
    let carrying = outer.withHeader("x-ably-token", .string(try await inner(desk, isJWT: false))).encrypted
    tokens.append("\(carrying)!")
    tokens.append(carrying.replacing("..", with: ".!."))
    tokens.append("eyJ....")
    tokens.append("eyJ\(carrying)")
    for token in tokens {
      #expect(await publish(desk, token).refusal == Refusal(401, 40144), "\(token)")
    }
    #expect(await publish(desk, "\(carrying).more").refusal == Refusal(401, 40145))
    #expect(await publish(desk, outer.signed).refusal == Refusal(404, 40400))
  }

  @Test("the header's token counts where the claims hold another")
  func precedence() async throws {
    let desk = try Desk()
    let strong = try await desk.token(of: desk.root).token
    let weak = try await inner(desk, isJWT: false)
    let token = OuterToken(expires: Self.minute)
      .withHeader("x-ably-token", .string(weak)).withClaim("x-ably-token", .string(strong)).signed
    #expect(await publish(desk, token).status == 201)
    #expect(await desk.history(as: bearer(token)).refusal == Refusal(401, 40160))
  }
}
