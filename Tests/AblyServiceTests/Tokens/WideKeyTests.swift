internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import Testing

@testable internal import AblyService

/// Keys with many resources.
@Suite struct WideKeyTests {
  private func key(_ count: Int) throws -> ServiceKey {
    let rules = (0..<count).map { #""c\#($0)":["*"]"# }.joined(separator: ",")
    return try ServiceKey(APIKey("wideApp.wide:secret"), capabilityText: "{\(rules)}")
  }

  private func desk(_ key: ServiceKey) throws -> Desk {
    let desk = try Desk()
    desk.core.directory.withLock { $0.put(StoredKey(key, origin: .given), at: Desk.start) }
    return desk
  }

  @Test(
    "a token that has all of its key's capability works, however much that is", arguments: [64, 65, 1000])
  func whole(count: Int) async throws {
    let key = try key(count)
    let desk = try desk(key)
    var answers: [ServiceResponse] = []
    for body in [[:], ["capability": #"{"[*]*":["*"]}"#]] as [JSONValue] {
      let path = "/keys/\(key.key.keyName)/requestToken"
      answers.append(await desk.send("POST", path, body, headers: basic(key)))
    }
    for answer in answers {
      #expect(answer.status == 201)
      let token = answer.body["token"]?.string ?? ""
      #expect(await desk.history("c0", as: bearer(token)).status == 200)
      #expect(await desk.history("d", as: bearer(token)).refusal == Refusal(401, 40160))
      // As every token it is base64 in a header, and a WebSocket takes it too.
      let client = await desk.dial("accessToken=\(PercentEncoding.component(token))")
      #expect(await client.frames().map(\.action) == [.connected])
    }
  }

  @Test("RSA17g: a JWT without a capability names the channels of its key, as an Ably token does")
  func revokedByChannel() async throws {
    let key = try ServiceKey(
      APIKey("wideApp.wide:secret"), capabilityText: #"{"chat":["*"]}"#, revocableTokens: true)
    let desk = try desk(key)
    let claims = AblyJWT.Claims(ttl: .seconds(600), issuedAt: desk.clock.date)
    let jwt = try AblyJWTSigner(key: key.key).mint(claims, keyIsRevocable: true).token
    desk.clock.advance(by: 1000)
    #expect(await desk.history("chat", as: bearer(jwt)).status == 200)
    let answer = await desk.send(
      "POST", "/keys/\(key.key.keyName)/revokeTokens", ["targets": ["channel:chat"]], headers: basic(key))
    #expect(answer.status == 201)
    #expect(await desk.history("chat", as: bearer(jwt)).refusal == Refusal(401, 40141))
  }

  @Test("the key that a token is of is found through what carries it")
  func keyNames() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    let outer = OuterToken(expires: 0).withClaim("x-ably-token", .string(token))
    let twice = OuterToken(expires: 0).withHeader("x-ably-token", .string(outer.signed))
    for text in [token, outer.signed, twice.signed, twice.encrypted] {
      #expect(Credentials.token(Secret(text)).keyName == "appOne.keyRoot")
    }
    #expect(Credentials.token(Secret("nonsense")).keyName == nil)
  }
}
