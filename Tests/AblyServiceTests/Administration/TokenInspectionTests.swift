internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct TokenInspectionTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private func inspect(_ token: String) async -> JSONValue {
    await desk.send("POST", "/admin/inspection", ["token": .string(token)]).body
  }

  @Test("an opaque token is opened, and what its key allows is told")
  func opaque() async throws {
    let token = try await desk.token(
      of: desk.chat, TokenParams(ttl: .seconds(60), capability: ["chat:a": [.publish]], clientId: "bob"))
    let said = await inspect(token.token)
    #expect(said["isAccepted"] == true)
    #expect(said["keyName"] == "appOne.keyChat")
    #expect(said["clientId"] == "bob")
    #expect(said["issued"] == .number(JSONNumber(Desk.start)))
    #expect(said["expires"] == .number(JSONNumber(Desk.start + 60_000)))
    #expect(said["capability"] == #"{"chat:a":["publish"]}"#)
    #expect(said["effectiveCapability"] == #"{"chat:a":["publish"]}"#)
    #expect(said["isRevocable"] == false)
  }

  @Test("one that has expired is opened too, and refused with 40142")
  func expired() async throws {
    let token = try await desk.token(of: desk.root, TokenParams(ttl: .seconds(1), clientId: "bob"))
    desk.advance(to: 1000)
    let said = await inspect(token.token)
    #expect(said["isAccepted"] == false)
    #expect(said["error"]?["code"] == 40142)
    #expect(said["clientId"] == "bob")
  }

  @Test("what is not of this service, or was changed, tells nothing but why")
  func strangers() async throws {
    let token = try await desk.token(of: desk.root).token
    for text in ["other.token", "\(token)A", "a.b.c"] {
      let said = await inspect(text)
      #expect(said["isAccepted"] == false, "\(text)")
      let code = said["error"]?["code"]?.number?.int64
      #expect(code == 40143 || code == 40145, "\(said)")
      #expect(said["keyName"] == nil && said["capability"] == nil)
    }
    #expect(await desk.send("POST", "/admin/inspection", [:]).refusal == Refusal(400, 40000))
    #expect(await desk.send("POST", "/admin/inspection", ["token": 1]).refusal == Refusal(400, 40000))
  }

  @Test("a JWT is verified")
  func jwt() async throws {
    let claims = AblyJWT.Claims(
      ttl: .seconds(60), capability: ["*": [.subscribe]], clientId: "bob", issuedAt: desk.clock.date)
    let said = await inspect(try AblyJWTSigner(key: desk.chat.key).mint(claims).token)
    #expect(said["isAccepted"] == true)
    #expect(said["effectiveCapability"] == #"{"chat:*":["subscribe"],"news":["subscribe"]}"#)
    let forged = await inspect(
      try AblyJWTSigner(key: APIKey("appOne.keyChat:anotherSecret")).mint(claims).token)
    #expect(forged["isAccepted"] == false)
    #expect(forged["error"]?["code"] == 40144)
  }

  @Test("looking uses nothing up and notes nothing")
  func noTrace() async throws {
    let token = try await desk.token(of: desk.root).token
    let before = await desk.send("GET", "/admin/tokens").body
    let events = await desk.send("GET", "/admin/events").body
    for _ in 0..<3 { #expect(await inspect(token)["isAccepted"] == true) }
    #expect(await desk.send("GET", "/admin/tokens").body == before)
    #expect(await desk.send("GET", "/admin/events").body == events)
  }
}
