internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import Testing

@testable internal import AblyService

@Suite struct LiveRevocationTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func revoke(_ target: String, margin: Bool = false) async {
    let response = await desk.send(
      "POST", "/keys/\(desk.revocable.key.keyName)/revokeTokens",
      ["targets": [.string(target)], "allowReauthMargin": .bool(margin)], headers: basic(desk.revocable))
    #expect(response.status == 201)
  }

  private func token(_ params: TokenParams = TokenParams(clientId: "bob")) async throws -> TokenDetails {
    let token = try await desk.token(of: desk.revocable, params)
    desk.clock.advance(by: 1)
    return token
  }

  @Test("RTN22a: who lives by a token that is revoked is disconnected at once, and nobody else")
  func atOnce() async throws {
    let bob = try await desk.connect(try await token())
    let eve = try await desk.connect(try await token(TokenParams(clientId: "eve")))
    let chat = try await desk.connect(try await token(TokenParams(capability: ["chat": [.all]])))
    let key = try await desk.connect(desk.revocable)
    await revoke("clientId:bob")
    #expect(await bob.refusal() == RealtimeRefusal(.disconnected, 40141))
    await revoke("channel:chat")
    #expect(await chat.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await eve.outputs() == [])
    #expect(await key.outputs() == [])
  }

  @Test("RTN22a: by its revocation key, a JWT is meant as well")
  func revocationKey() async throws {
    let claims = AblyJWT.Claims(ttl: .seconds(600), revocationKey: "group", issuedAt: desk.clock.date)
    let jwt = try AblyJWTSigner(key: desk.revocable.key).mint(claims, keyIsRevocable: true)
    let client = await desk.dial("accessToken=\(jwt.token)")
    #expect(await client.frames().map(\.action) == [.connected])
    desk.clock.advance(by: 2000)
    await revoke("revocationKey:group")
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
  }

  @Test("RTN22: with a margin the client is asked at once and disconnected after 30 s, to the millisecond")
  func margin() async throws {
    let late = try await desk.connect(try await token())
    let prompt = try await desk.connect(try await token())
    let start = desk.clock.milliseconds - Desk.start
    await revoke("clientId:bob", margin: true)
    #expect(await late.frames().map(\.action) == [.auth])
    #expect(await prompt.frames().map(\.action) == [.auth])
    desk.clock.advance(by: 1)
    let next = try await token()
    await prompt.send(["action": 17, "auth": ["accessToken": .string(next.token)]])
    #expect(await prompt.frames().map(\.action) == [.connected])
    desk.advance(to: start + 29_999)
    #expect(await late.frames() == [])
    desk.advance(to: start + 30_000)
    #expect(await late.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await prompt.frames() == [])
  }

  @Test(
    "RTN22: who connects or answers with a token that is about to be revoked is asked again and then disconnected"
  )
  func sameToken() async throws {
    let token = try await token()
    let start = desk.clock.milliseconds - Desk.start
    await revoke("clientId:bob", margin: true)
    let client = await desk.dial("accessToken=\(token.token)")
    #expect(await client.frames().map(\.action) == [.connected, .auth])
    await client.send(["action": 17, "auth": ["accessToken": .string(token.token)]])
    #expect(await client.frames().map(\.action) == [.connected, .auth])
    desk.advance(to: start + 30_000)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
  }

  @Test("a revocation that comes while a token is being checked meets its bearer all the same")
  func duringTheCheck() async throws {
    let token = try await token()
    let core = desk.core
    let principal = try core.authenticator.principal(
      of: ServiceRequest("GET", "/", headers: bearer(token.token)), at: core.now)
    await revoke("clientId:bob")
    let parameters = try ConnectParameters([:])
    let connection = ServiceConnection(core, format: .json)
    core.realtime.perform {
      $0.connect(
        over: connection.transport, parameters, principal, fresh: ConnectionKey(random: Randomness.system),
        now: core.now)
    }
    let client = RealtimeDesk(desk: desk, connection: connection)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
  }

  @Test("nor does one that comes so long before the end of a check that it is not remembered as new any more")
  func duringALongCheck() async throws {
    let armed = Locked<ServiceCore?>(nil)
    let clock = desk.clock
    let revocation = Revocation(
      keyName: desk.revocable.key.keyName, target: try RevocationTarget("clientId:bob"),
      issuedBefore: Desk.start + 1, appliesAt: Desk.start + 1)
    // Ids are made between the check of the credentials and the beginning of the connection.
    let core = try ServiceCore(
      keys: [desk.revocable], clock: { clock.date },
      random: { count in
        if let core = armed.withLock(\.self) {
          armed.withLock { $0 = nil }
          core.take(.revoked([revocation]), at: clock.milliseconds)
          clock.advance(by: 60_000)
        }
        return Randomness.system(count)
      })
    let request = try TokenRequestSigner(key: desk.revocable.key).sign(
      TokenParams(clientId: "bob"), at: clock.date)
    let answer = await core.respond(
      to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    let token = try TokenDetails(json: answer.body).token
    clock.advance(by: 1)
    armed.withLock { $0 = core }
    let client = RealtimeDesk(
      desk: desk, connection: await core.connect(ServiceRequest("GET", "/?v=6&accessToken=\(token)")))
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
  }

  @Test("the connections of an app that is deleted end")
  func deletedApp() async throws {
    let client = try await desk.connect(desk.stranger)
    _ = await desk.send("DELETE", "/apps/appTwo", headers: basic(desk.stranger))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40400))
  }
}
