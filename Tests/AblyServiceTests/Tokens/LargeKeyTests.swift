internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// Keys with so many resources that each cannot be compared with each at every use.
@Suite struct LargeKeyTests {
  private func names(_ count: Int) -> String {
    "{\((0..<count).map { #""c\#($0)":["*"]"# }.joined(separator: ","))}"
  }

  private func desk(_ capability: String) throws -> (ServiceCore, ServiceKey, ManualClock) {
    let key = try ServiceKey(APIKey("app.large:secret"), capabilityText: capability)
    let clock = ManualClock(Desk.start)
    return (try ServiceCore(keys: [key]) { clock.date }, key, clock)
  }

  private func request(_ core: ServiceCore, _ key: ServiceKey, _ body: JSONValue) async -> ServiceResponse {
    await core.respond(
      to: ServiceRequest("POST", "/keys/app.large/requestToken", headers: basic(key), body: body.utf8))
  }

  private func use(_ token: String, on channel: String = "c0", of core: ServiceCore) async -> Refusal {
    await core.respond(
      to: ServiceRequest("GET", "/channels/\(channel)/messages", headers: bearer(token))
    ).refusal
  }

  @Test(
    "RSA5, RSA6: a token of a key with many resources works, whatever of it was asked for",
    arguments: [64, 65, 1000])
  func issued(count: Int) async throws {
    let (core, key, _) = try desk(names(count))
    let half = names(count / 2)
    for capability in [nil, #"{"[*]*":["*"]}"#, key.capabilityText, half, #"{"*":["*"]}"#] {
      let body = capability.map { ["capability": .string($0)] as JSONValue } ?? [:]
      let answer = await request(core, key, body)
      try #require(answer.status == 201, "\(answer.body)")
      let token = try #require(answer.body["token"]?.string)
      #expect(await use(token, of: core) == Refusal(200, 0), "\(capability?.prefix(20) ?? "nothing")")
      #expect(await use(token, on: "other", of: core) == Refusal(401, 40160))
    }
  }

  @Test("a JWT with the whole capability of such a key, or a part of it, works", arguments: [64, 65, 2000])
  func jwt(count: Int) async throws {
    let (core, key, clock) = try desk(names(count))
    for text in [names(count), names(count - 1)] {
      var claims = AblyJWT.Claims(ttl: .seconds(60), issuedAt: clock.date)
      claims.capabilityText = text
      let token = try AblyJWTSigner(key: key.key).mint(claims).token
      #expect(await use(token, of: core) == Refusal(200, 0))
      #expect(await use(token, on: "other", of: core) == Refusal(401, 40160))
    }
  }

  @Test("what is too large is refused when it is asked for, never when it is used")
  func largest() async throws {
    var count = 2500
    while names(count).utf8.count > Capability.maximumTextBytes { count -= 1 }
    let (core, key, _) = try desk(names(count))
    #expect(await request(core, key, [:]).refusal == Refusal(400, 40000))
    let less = await request(core, key, ["capability": .string(names(1000))])
    #expect(await use(less.body["token"]?.string ?? "", of: core) == Refusal(200, 0))
  }

  @Test("patterns that cross are compared up to a bound, and what came of it works")
  func crossing() async throws {
    let wide = "{\((0..<64).map { #""*:b\#($0):*":["*"]"# }.joined(separator: ","))}"
    let (core, key, _) = try desk(wide)
    func asked(_ count: Int) -> JSONValue {
      let rules = (0..<count).map { #""a\#($0):*:*":["history"]"# }.joined(separator: ",")
      return ["capability": .string("{\(rules)}")]
    }
    let answer = await request(core, key, asked(10))
    try #require(answer.status == 201, "\(answer.body)")
    let token = try #require(answer.body["token"]?.string)
    #expect(await use(token, on: "a9:b63:x", of: core) == Refusal(200, 0))
    #expect(await use(token, on: "a10:b63:x", of: core) == Refusal(401, 40160))
    #expect(await request(core, key, asked(65)).refusal == Refusal(400, 40000))
  }

  @Test("a token goes on with what is left where its key has been given another large capability")
  func narrowed() async throws {
    let (core, key, _) = try desk(names(1000))
    let token = try #require(await request(core, key, [:]).body["token"]?.string)
    let others = (500..<1500).map { #""c\#($0)":["history"]"# }.joined(separator: ",")
    let narrower = try ServiceKey(key.key, capabilityText: "{\(others)}")
    core.take(.saved([StoredKey(narrower, origin: .given)]), at: Desk.start)
    #expect(await use(token, on: "c999", of: core) == Refusal(200, 0))
    #expect(await use(token, on: "c499", of: core) == Refusal(401, 40160))
    #expect(await use(token, on: "c1000", of: core) == Refusal(401, 40160))
  }
}
