internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite("Revocation")
struct RevocationTests {
  let desk: Desk

  init() throws { desk = try Desk() }

  func revoke(
    _ targets: [JSONValue], _ more: [String: JSONValue] = [:], as headers: [String: String]? = nil,
    of keyName: String? = nil
  ) async -> ServiceResponse {
    await desk.send(
      "POST", "/keys/\(keyName ?? desk.revocable.key.keyName)/revokeTokens",
      .object(more.merging(["targets": .array(targets)]) { $1 }), headers: headers ?? basic(desk.revocable))
  }

  func isRefused(_ token: String) async -> Bool {
    await desk.history("c", as: bearer(token)).refusal == Refusal(401, 40141)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let target: String
    let params: TokenParams
    let isRevoked: Bool
  }

  static let cases = [
    Case(
      testDescription: "its identity", target: "clientId:bob", params: .init(clientId: "bob"), isRevoked: true
    ),
    Case(
      testDescription: "another identity", target: "clientId:bob", params: .init(clientId: "bobby"),
      isRevoked: false),
    Case(testDescription: "no identity", target: "clientId:bob", params: .init(), isRevoked: false),
    Case(
      testDescription: "an identity with a colon", target: "clientId:a:b", params: .init(clientId: "a:b"),
      isRevoked: true),
    Case(
      testDescription: "a channel it names", target: "channel:c",
      params: .init(capability: ["c": [.history], "d": [.publish]]), isRevoked: true),
    Case(
      testDescription: "a channel it only covers", target: "channel:c",
      params: .init(capability: ["*": [.history]]), isRevoked: false),
    Case(
      testDescription: "another spelling of its identity", target: "clientId:ren\u{E9}",
      params: .init(clientId: "rene\u{301}"), isRevoked: false),
    Case(
      testDescription: "another spelling of a channel that it names", target: "channel:ren\u{E9}",
      params: .init(capability: ["rene\u{301}": [.history], "c": [.history]]), isRevoked: false),
    Case(
      testDescription: "a revocation key it has not", target: "revocationKey:bob",
      params: .init(clientId: "bob"), isRevoked: false),
  ]

  @Test("RSA17g, RSA17c: an opaque token", arguments: cases)
  func opaque(row: Case) async throws {
    let token = try await desk.token(of: desk.revocable, row.params).token
    desk.clock.advance(by: 1)
    #expect(await desk.history("c", as: bearer(token)).status == 200)
    let response = await revoke([.string(row.target)])
    #expect(response.status == 201)
    #expect(
      response.body == [
        "successCount": 1, "failureCount": 0,
        "results": [
          [
            "target": .string(row.target), "issuedBefore": .number(JSONNumber(Desk.start + 1)),
            "appliesAt": .number(JSONNumber(Desk.start + 1)),
          ]
        ],
      ])
    #expect(await isRefused(token) == row.isRevoked)
    let later = try await desk.token(of: desk.revocable, row.params).token
    #expect(await desk.history("c", as: bearer(later)).status == 200, "what is issued later works")
  }

  @Test(
    "RSA17g: a JWT, by its identity and by its revocation key",
    arguments: ["clientId:bob", "revocationKey:group"])
  func jwt(target: String) async throws {
    let claims = AblyJWT.Claims(
      ttl: .seconds(600), clientId: "bob", revocationKey: "group", issuedAt: desk.clock.date)
    let token = try AblyJWTSigner(key: desk.revocable.key).mint(claims).token
    desk.clock.advance(by: 1000)
    _ = await revoke([.string(target)])
    #expect(await isRefused(token))
  }

  @Test("RSA17e: only what was issued before")
  func issuedBefore() async throws {
    let early = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 5000)
    let late = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 5000)
    _ = await revoke(["clientId:bob"], ["issuedBefore": .number(JSONNumber(Desk.start + 5000))])
    #expect(await isRefused(early))
    #expect(await isRefused(late) == false)
  }

  @Test("RSA17f: a margin of half a minute, after which it is enforced")
  func margin() async throws {
    let token = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 1)
    let response = await revoke(["clientId:bob"], ["allowReauthMargin": true])
    #expect(response.body["results"]?.array?.first?["appliesAt"] == .number(JSONNumber(Desk.start + 30_001)))
    desk.clock.advance(by: 29_999)
    #expect(await isRefused(token) == false)
    desk.clock.advance(by: 1)
    #expect(await isRefused(token))
  }

  @Test("tokens of another key are not meant")
  func otherKey() async throws {
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 1)
    _ = await revoke(["clientId:bob"])
    #expect(await isRefused(token) == false)
  }

  @Test(
    "TRF2a, TRF2b: what is no target fails by itself",
    arguments: ["bob", "clientId:", "user:bob", ":bob", ""])
  func mixed(target: String) async throws {
    let response = await revoke(["clientId:bob", .string(target)])
    #expect(response.status == 201)
    #expect(response.body["successCount"] == 1)
    #expect(response.body["failureCount"] == 1)
    let failure = response.body["results"]?.array?.last
    #expect(failure?["target"] == .string(target))
    #expect(failure?["error"]?["code"] == 40000)
  }

  @Test("at most 100 targets; one more and nothing is revoked")
  func many() async throws {
    let token = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 1)
    let others = (0..<100).map { JSONValue.string("clientId:c\($0)") }
    #expect(await revoke(["clientId:bob"] + others).refusal == Refusal(400, 40000))
    #expect(await isRefused(token) == false)
    #expect(await revoke(["clientId:bob"] + others.dropLast()).status == 201)
    #expect(await isRefused(token))
  }

  static let malformed: [(JSONValue, Refusal)] = [
    ([:], Refusal(400, 40000)), (["targets": []], Refusal(400, 40000)),
    (["targets": "clientId:bob"], Refusal(400, 40000)),
    (["targets": ["clientId:b"], "allowReauthMargin": "yes"], Refusal(400, 40000)),
    (["targets": ["clientId:b"], "issuedBefore": "soon"], Refusal(400, 40003)),
    (["targets": ["clientId:b"], "issuedBefore": 1_700_000_000_124], Refusal(400, 40003)),
    (["targets": ["clientId:b"], "issuedBefore": 1_699_996_400_122], Refusal(400, 40003)),
  ]

  @Test("what cannot be meant is refused", arguments: malformed)
  func refused(body: JSONValue, refusal: Refusal) async {
    let response = await desk.send(
      "POST", "/keys/\(desk.revocable.key.keyName)/revokeTokens", body, headers: basic(desk.revocable))
    #expect(response.refusal == refusal)
  }

  @Test("RSA17d: who may: the key itself, if its tokens can be revoked")
  func who() async throws {
    let token = try await desk.token(of: desk.revocable).token
    #expect(await revoke(["clientId:b"], as: bearer(token)).refusal == Refusal(401, 40162))
    #expect(await revoke(["clientId:b"], as: basic(desk.root)).refusal == Refusal(401, 40133))
    #expect(
      await revoke(["clientId:b"], as: basic(desk.root), of: desk.root.key.keyName).refusal
        == Refusal(401, 40164))
    #expect(await revoke(["clientId:b"], as: [:]).refusal.status == 401)
  }

  @Test("revocations that cannot matter any more are let go, whatever the key of the next one")
  func sweep() throws {
    var index = RevocationIndex()
    let bearer = RevocationIndex.Bearer(keyName: "k", issued: 0, clientId: "bob")
    let target = try RevocationTarget("clientId:bob")
    index.revoke(target, of: "k", .init(issuedBefore: 9, appliesAt: 10), now: 10)
    #expect(index.isRevoked(bearer, at: 10))
    #expect(!index.isRevoked(bearer, at: 9))
    let other = try RevocationTarget("clientId:eve")
    let idle = 10 + Revocation.longestLife
    index.revoke(other, of: "l", .init(issuedBefore: idle, appliesAt: idle), now: idle)
    #expect(index.isRevoked(bearer, at: 10), "the clock may have been ahead")
    let later = idle + Revocation.sweepMargin
    index.revoke(other, of: "l", .init(issuedBefore: later, appliesAt: later), now: later)
    #expect(!index.isRevoked(bearer, at: later), "no token of then is alive")
    #expect(index.count == 2)
  }

  @Test("whatever times a store says, they are reckoned with")
  func extremeTimes() throws {
    var index = RevocationIndex()
    let target = try RevocationTarget("clientId:bob")
    for time in [Int64.min, .max] {
      index.add([Revocation(keyName: "k", target: target, issuedBefore: time, appliesAt: time)], now: 10)
    }
    let bearer = RevocationIndex.Bearer(keyName: "k", issued: -5, isToTheSecond: true, clientId: "bob")
    #expect(index.revocation(of: bearer, at: 10)?.isOfTheSecond(of: bearer) == false)
    #expect(index.end(ofAllOf: "k", at: 10) == .max)
    index.add([], now: 10 + 2 * Revocation.sweepMargin)
    #expect(index.count == 1)
  }

  @Test("what is revoked takes so much memory and no more, for one key and for all")
  func room() throws {
    func list(_ count: Int, of keyName: String, from start: Int = 0) throws -> [Revocation] {
      try (0..<count).map {
        Revocation(
          keyName: keyName, target: try RevocationTarget("clientId:\(start + $0)"), issuedBefore: 10,
          appliesAt: 10)
      }
    }
    var index = RevocationIndex()
    // Each takes some 160 bytes.
    func check(_ list: [Revocation], at now: Int64 = 10) -> Bool {
      (try? index.checkRoom(for: list, at: now, atMost: 2000, 3000)) != nil
    }
    #expect(try check(list(10, of: "k")))
    #expect(try !check(list(20, of: "k")))
    index.add(try list(10, of: "k"), now: 10)
    #expect(try !check(list(10, of: "k", from: 10)))
    #expect(try check(list(5, of: "l")))
    #expect(try !check(list(10, of: "l")))
    // Again the same takes nothing more.
    index.add(try list(10, of: "k"), now: 10)
    #expect(index.count == 10)
    let later = 10 + Revocation.longestLife + Revocation.sweepMargin
    // Nobody revokes anything meanwhile.
    #expect(try check(list(10, of: "k"), at: later))
    let error = #expect(throws: ErrorInfo.self) {
      try index.checkRoom(for: list(100, of: "k"), at: later, atMost: 2000)
    }
    #expect(error?.code == .rateLimited)
  }

  @Test("a target of more than 2 KiB fails by itself")
  func longTarget() async throws {
    let longest = "clientId:" + String(repeating: "x", count: 2048)
    let response = await revoke([.string(longest), .string("\(longest)x")])
    #expect(response.body["successCount"] == 1)
    #expect(response.body["results"]?.array?.last?["error"]?["code"] == 40000)
  }
}
