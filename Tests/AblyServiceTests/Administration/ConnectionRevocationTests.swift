internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct ConnectionRevocationTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private func revoke(_ client: RealtimeDesk) async -> ServiceResponse {
    await desk.send("POST", "/admin/revocations", ["connectionId": .string(client.id)])
  }

  @Test("RSA17: the tokens of a client are revoked for good, and nobody else's")
  func lasting() async throws {
    let token = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob"))
    let bob = try await desk.connect(token)
    let eve = try await desk.connect(try await desk.token(of: desk.revocable, TokenParams(clientId: "eve")))
    #expect(await revoke(bob).body == ["isLasting": true, "target": "clientId:bob"])
    #expect(await bob.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await eve.outputs() == [])
    #expect(await desk.history(as: bearer(token.token)).refusal == Refusal(401, 40141))
    desk.clock.milliseconds += 1
    let next = try await desk.token(of: desk.revocable, TokenParams(clientId: "bob"))
    #expect(await desk.history(as: bearer(next.token)).status == 200)
  }

  @Test("a JWT that names nobody is revoked by its revocation key")
  func revocationKey() async throws {
    let jwt = try AblyJWTSigner(key: desk.revocable.key).mint(
      AblyJWT.Claims(ttl: .seconds(60), revocationKey: "red", issuedAt: desk.clock.date))
    let client = await desk.dial("accessToken=\(jwt.token)")
    #expect(await client.frames().map(\.action) == [.connected])
    #expect(await revoke(client).body == ["isLasting": true, "target": "revocationKey:red"])
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await desk.history(as: bearer(jwt.token)).refusal == Refusal(401, 40141))
  }

  @Test(
    "the token of who cannot be revoked is over, and no other",
    arguments: [nil, "*", "bob"] as [String?])
  func once(clientId: String?) async throws {
    let key = clientId == "bob" ? desk.root : desk.revocable
    let token = try await desk.token(of: key, TokenParams(clientId: clientId))
    let other = try await desk.token(of: key, TokenParams(clientId: clientId))
    let client = try await desk.connect(token)
    #expect(await revoke(client).body == ["isLasting": false])
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await desk.history(as: bearer(token.token)).refusal == Refusal(401, 40141))
    #expect(await desk.history(as: bearer(other.token)).status == 200)
  }

  @Test("a client with the key itself, and nobody, cannot be revoked")
  func nobody() async throws {
    let client = try await desk.connect()
    #expect(await revoke(client).refusal == Refusal(401, 40162))
    #expect(await client.outputs() == [])
    let answer = await desk.send("POST", "/admin/revocations", ["connectionId": "none"])
    #expect(answer.refusal == Refusal(404, 40400))
    #expect(await desk.send("POST", "/admin/revocations", [:]).refusal == Refusal(400, 40000))
  }

  @Test("connections tell what their client may do, and refusals why")
  func told() async throws {
    let token = try await desk.token(
      of: desk.revocable, TokenParams(capability: ["chat:a": [.publish]], clientId: "bob"))
    _ = try await desk.connect(token)
    let connection = await desk.send("GET", "/admin/connections").body.array?.first
    #expect(connection?["capability"] == #"{"chat:a":["publish"]}"#)
    #expect(connection?["isRevocable"] == true)
    #expect(connection?["hasKey"] == false)

    let client = try await desk.connect(token)
    await client.send(["action": 17, "auth": ["accessToken": "no.token"]])
    _ = await desk.dial("accessToken=nonsense.x").frames()
    _ = await desk.send("GET", "/channels/a/messages", headers: bearer("nonsense.x"))
    let refused = await desk.send("GET", "/admin/tokens").body.array?.filter { $0["type"] == "refused" } ?? []
    #expect(refused.count == 3)
    for refusal in refused { #expect(refusal["message"]?.string?.isEmpty == false, "\(refusal)") }
  }
}
