internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import Testing

@testable internal import AblyService

/// Whoever issued a token has a clock, and whoever revokes it has another.
@Suite struct AheadRevocationTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func revoke(on core: ServiceCore? = nil, _ more: [String: JSONValue] = [:]) async {
    let body: JSONValue = .object(more.merging(["targets": ["clientId:bob"]]) { $1 })
    let response = await (core ?? desk.core).respond(
      to: ServiceRequest(
        "POST", "/keys/\(desk.revocable.key.keyName)/revokeTokens", headers: basic(desk.revocable),
        body: body.utf8))
    #expect(response.status == 201, "\(response.body)")
  }

  private func use(_ token: String, on core: ServiceCore? = nil) async -> Refusal {
    await (core ?? desk.core).respond(
      to: ServiceRequest("GET", "/channels/c/messages", headers: bearer(token))
    ).refusal
  }

  /// A JWT of a signer whose clock is so many seconds ahead.
  private func mint(ahead seconds: Int64) throws -> String {
    let time = Milliseconds.date(desk.clock.milliseconds + seconds * 1000)
    let claims = AblyJWT.Claims(ttl: .seconds(600), clientId: "bob", issuedAt: time)
    return try AblyJWTSigner(key: desk.revocable.key).mint(claims, keyIsRevocable: true).token
  }

  private let accepted = Refusal(200, 0)
  private let revoked = Refusal(401, 40141)

  @Test("RSA17g: a JWT that was used before its time is revoked, and stays so, connections included")
  func shown() async throws {
    let token = try mint(ahead: 90)
    #expect(await use(token) == accepted)
    let client = await desk.dial("accessToken=\(token)")
    #expect(await client.frames().map(\.action) == [.connected])
    desk.clock.advance(by: 10_000)
    await revoke()
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await use(token) == revoked)
    desk.clock.advance(by: 200_000)
    #expect(await use(token) == revoked)
    #expect(await desk.dial("accessToken=\(token)").refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await use(try mint(ahead: 0)) == accepted)
  }

  @Test(
    "RSA17g: one that is shown after the revocation and before its time may have been there, and is refused")
  func shownLater() async throws {
    let token = try mint(ahead: 90)
    desk.clock.advance(by: 10_000)
    await revoke()
    desk.clock.advance(by: 10_000)
    let answer = await desk.history("c", as: bearer(token))
    #expect(answer.refusal == revoked)
    #expect(answer.body["error"]?["message"]?.string?.contains("ahead") == true)
    desk.clock.advance(by: 200_000)
    #expect(await use(token) == revoked)
    // Nobody has seen this one before its time.
    let other = try mint(ahead: 90)
    desk.clock.advance(by: 10_000)
    await revoke()
    desk.clock.advance(by: 90_000)
    #expect(await use(other) == accepted)
  }

  @Test("what is remembered of early JWTs has an end, and those that have expired make room")
  func bounded() throws {
    let early = EarlyTokens(maximumCount: 2)
    let tokens = try (1...4).map { try UnverifiedJWT(mint(ahead: Int64($0))) }
    let now = Desk.start
    for token in tokens.prefix(3) {
      #expect(early.moment(of: token, issued: now + 1000, expires: now + 2000, at: now) == now - 119_000)
    }
    #expect(early.count == 2)
    #expect(
      early.moment(of: tokens[0], issued: now + 1000, expires: now + 2000, at: now + 1500) == now - 119_000)
    #expect(early.moment(of: tokens[2], issued: now + 1000, expires: now + 2000, at: now + 1500) == nil)
    let later = now + 2000
    #expect(early.moment(of: tokens[3], issued: later + 1000, expires: later + 2000, at: later) != nil)
    #expect(early.count == 1)
  }

  @Test("RSA17g: an opaque token of the very millisecond before a revocation is meant, one after it is not")
  func sameMillisecond() async throws {
    let before = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    await revoke()
    #expect(await use(before) == revoked)
    let after = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    #expect(await use(after) == accepted)
    await revoke()
    #expect(await use(after) == revoked)
  }

  @Test(
    "RSA17g: a revocation by a node whose clock is behind means what was issued after one by a node ahead")
  func behind() async throws {
    let (one, two, clock) = try nodes(ahead: 60_000)
    await revoke(on: two)
    let between = try await token(on: one, at: desk.clock)
    #expect(await use(between, on: one) == accepted)
    for time in [desk.clock, clock] { time.advance(by: 10_000) }
    await revoke(on: one, ["allowReauthMargin": true])
    for time in [desk.clock, clock] { time.advance(by: 200_000) }
    #expect(await use(between, on: one) == revoked)
    #expect(await use(between, on: two) == revoked)
  }

  @Test("RSA17e: an issuedBefore of the time of a margin ago is meant to the millisecond")
  func looksPostponed() async throws {
    desk.clock.advance(by: 30_001)
    let token = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")).token
    desk.clock.advance(by: 1)
    await revoke(["issuedBefore": .number(JSONNumber(desk.clock.milliseconds - 30_000))])
    #expect(await use(token) == accepted)
    await revoke(["issuedBefore": .number(JSONNumber(desk.clock.milliseconds))])
    #expect(await use(token) == revoked)
  }

  /// Two nodes that tell each other what they revoke, and the clock of the second.
  private func nodes(ahead lead: Int64) throws -> (ServiceCore, ServiceCore, ManualClock) {
    let clock = ManualClock(Desk.start + lead)
    let core = try ServiceCore(keys: [desk.revocable]) { clock.date }
    let wire = Wire()
    wire.lead(from: desk.core, to: core)
    wire.lead(from: core, to: desk.core)
    return (desk.core, core, clock)
  }

  private final class Wire: Sendable {
    private let isBusy = Locked(false)

    /// What is told over it is not told back.
    func lead(from core: ServiceCore, to other: ServiceCore) {
      core.changes.observe { [self, weak other] change in
        guard case .revoked = change, let other, !isBusy.withLock(\.self) else { return }
        isBusy.withLock { $0 = true }
        other.take(change, at: other.now)
        isBusy.withLock { $0 = false }
      }
    }
  }

  private func token(on core: ServiceCore, at clock: ManualClock) async throws -> String {
    let request = try TokenRequestSigner(key: desk.revocable.key).sign(
      TokenParams(clientId: "bob"), at: clock.date)
    let response = await core.respond(
      to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    try #require(response.status == 201, "\(response.body)")
    return try TokenDetails(json: response.body).token
  }

  @Test(
    "RSA17g: nodes whose clocks are up to two minutes apart: what was issued before a revocation is meant by it on all, and what is issued after it on none",
    arguments: [-119_999, -60_000, -1, 0, 1, 60_000, 119_999] as [Int64], [false, true])
  func apart(lead: Int64, isPostponed: Bool) async throws {
    let (one, two, clock) = try nodes(ahead: lead)
    let before = [try await token(on: one, at: desk.clock), try await token(on: two, at: clock)]
    let client = RealtimeDesk(
      desk: desk, connection: await two.connect(ServiceRequest("GET", "/?v=6&accessToken=\(before[1])")))
    #expect(await client.frames().map(\.action) == [.connected])
    await revoke(on: one, ["allowReauthMargin": .bool(isPostponed)])
    let after = [try await token(on: one, at: desk.clock), try await token(on: two, at: clock)]
    for time in [desk.clock, clock] { time.advance(by: 40_000) }
    for core in [one, two] { core.carryOutWhatIsDue() }
    if lead >= 0 || !isPostponed {
      #expect(await client.frames().last?.error?.code == .tokenRevoked)
    }
    for time in [desk.clock, clock] { time.advance(by: 200_000) }
    for core in [one, two] {
      for token in before { #expect(await use(token, on: core) == revoked) }
      for token in after { #expect(await use(token, on: core) == accepted) }
    }
  }
}
