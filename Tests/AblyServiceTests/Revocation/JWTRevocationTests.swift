internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// A JWT tells its time in seconds, a revocation in milliseconds.
@Suite struct JWTRevocationTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  /// Desk's time begins 123 ms after a second.
  private func mint() throws -> String {
    let claims = AblyJWT.Claims(ttl: .seconds(600), clientId: "bob", issuedAt: desk.clock.date)
    return try AblyJWTSigner(key: desk.revocable.key).mint(claims, keyIsRevocable: true).token
  }

  /// A JWT whose `iat` is written so.
  private func jwt(iat: String) throws -> String {
    var outer = OuterToken(expires: Desk.start / 1000 + 600)
    outer.header = ["alg": "HS256", "kid": .string(desk.revocable.key.keyName)]
    outer.claims = [
      "exp": .number(JSONNumber(Desk.start / 1000 + 600)), "x-ably-clientId": "bob",
      "iat": try JSONValue(parsing: iat),
    ]
    outer.secret = "revocableSecret"
    return outer.signed
  }

  private func revoke() async {
    let response = await desk.send(
      "POST", "/keys/\(desk.revocable.key.keyName)/revokeTokens", ["targets": ["clientId:bob"]],
      headers: basic(desk.revocable))
    #expect(response.status == 201)
  }

  private func answer(to token: String) async -> ServiceResponse {
    await desk.history("c", as: bearer(token))
  }

  @Test("RSA17g: a JWT of the second of a revocation counts as issued before it, one of the next does not")
  func second() async throws {
    let before = try mint()
    #expect(await answer(to: before).status == 200)
    desk.clock.advance(by: 100)
    await revoke()
    #expect(await answer(to: before).refusal == Refusal(401, 40141))
    desk.clock.advance(by: 776)
    let after = try mint()
    let refused = await answer(to: after)
    #expect(refused.refusal == Refusal(401, 40141))
    #expect(refused.body["error"]?["message"]?.string?.contains("whole seconds") == true)
    desk.clock.advance(by: 1)
    #expect(await answer(to: try mint()).status == 200)
    #expect(await answer(to: after).refusal == Refusal(401, 40141))
  }

  @Test("RSA17g: a revocation that begins with a second leaves the JWTs of that second alone")
  func beginningOfASecond() async throws {
    let before = try mint()
    desk.clock.advance(by: 877)
    await revoke()
    #expect(await answer(to: before).refusal == Refusal(401, 40141))
    #expect(await answer(to: try mint()).status == 200)
  }

  @Test(
    "RSA17g: a fraction of iat counts to the millisecond, rounded down",
    arguments: [
      ("1700000000.222", true), ("1700000000.2226", true), ("1700000000.22299", true),
      ("1700000000.223", false), ("1700000000.2231", false), ("1700000000.9", false),
    ])
  func fraction(iat: String, isRevoked: Bool) async throws {
    let token = try jwt(iat: iat)
    desk.clock.advance(by: 100)
    await revoke()
    desk.clock.advance(by: 1000)
    #expect(await answer(to: token).status == (isRevoked ? 401 : 200))
  }

  @Test("RTN22a: who connects or is connected with a JWT of the second of a revocation is told 40141")
  func live() async throws {
    let token = try mint()
    let client = await desk.dial("accessToken=\(token)")
    #expect(await client.frames().map(\.action) == [.connected])
    desk.clock.advance(by: 100)
    await revoke()
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
    desk.clock.advance(by: 100)
    #expect(await desk.dial("accessToken=\(try mint())").refusal() == RealtimeRefusal(.disconnected, 40141))
    desk.clock.advance(by: 1000)
    let later = await desk.dial("accessToken=\(try mint())")
    #expect(await later.frames().map(\.action) == [.connected])
  }
}
