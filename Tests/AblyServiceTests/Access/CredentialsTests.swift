internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct CredentialsTests {
  private let elsewhere = ServiceRequest.Peer(isLoopback: false, isSecure: false)

  private func ask(
    _ desk: Desk, _ query: String = "", _ headers: [String: String] = [:], peer: ServiceRequest.Peer? = nil
  ) async -> ServiceResponse {
    let peer = peer ?? ServiceRequest.Peer(isLoopback: true, isSecure: false)
    return await desk.send("GET", "/channels/x/messages\(query)", headers: headers, peer: peer)
  }

  @Test("RSA3: a token is taken raw or in base64, in the header or in the query")
  func tokens() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    #expect(await ask(desk, "", ["authorization": "Bearer \(token)"]).status == 200)
    #expect(await ask(desk, "", ["authorization": "bearer   \(token)"]).status == 200)
    #expect(await ask(desk, "", bearer(token)).status == 200)
    #expect(await ask(desk, "?access_token=\(token)").status == 200)
    #expect(await ask(desk, "?limit=3&accessToken=\(token)").status == 200)
  }

  @Test("RSA11: a key is taken in the header or in the query")
  func keys() async throws {
    let desk = try Desk()
    #expect(await ask(desk, "", basic(desk.root)).status == 200)
    #expect(await ask(desk, "?key=appOne.keyRoot:rootSecret").status == 200)
    #expect(await ask(desk, "?key=appOne.keyRoot%3ArootSecret").status == 200)
  }

  @Test(
    "a key that is refused",
    arguments: [
      ("appOne.keyRoot:wrong", Refusal(401, 40101)), ("appOne.keyRoot:rootSecretX", Refusal(401, 40101)),
      ("appOne.nope:rootSecret", Refusal(401, 40400)), ("noApp.keyRoot:rootSecret", Refusal(404, 40400)),
      ("appOne:rootSecret", Refusal(401, 40400)), ("appOne.keyRoot", Refusal(401, 40005)),
      (":", Refusal(401, 40005)),
    ])
  func wrongKeys(key: String, refusal: Refusal) async throws {
    let desk = try Desk()
    let header = ["authorization": "Basic \(Base64.standard.encode(key.utf8))"]
    #expect(await ask(desk, "", header).refusal == refusal)
    #expect(await ask(desk, "?key=\(key)").refusal == refusal)
  }

  @Test(
    "a header that cannot be read",
    arguments: [
      ("Basic !!!", Refusal(401, 40005)), ("Basic", Refusal(401, 40106)), ("Bearer", Refusal(401, 40106)),
      ("Bearer ", Refusal(401, 40106)), ("Bearer !!!", Refusal(401, 40145)),
      ("Digest x", Refusal(401, 40106)),
      ("", Refusal(401, 40106)), ("Bearer /w==", Refusal(401, 40145)),
    ])
  func unreadable(header: String, refusal: Refusal) async throws {
    let desk = try Desk()
    #expect(await ask(desk, "", ["authorization": header]).refusal == refusal)
  }

  @Test("no credentials are 40106, with a challenge")
  func missing() async throws {
    let desk = try Desk()
    for query in ["", "?key=", "?accessToken=&x=1"] {
      let response = await ask(desk, query)
      #expect(response.refusal == Refusal(401, 40106))
      #expect(response.values(of: "WWW-Authenticate").count == 2)
    }
  }

  @Test("RSA1, RSC18: a key over plain HTTP is taken from this machine alone, a token from anywhere")
  func plain() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root).token
    #expect(await ask(desk, "", basic(desk.root), peer: elsewhere).refusal == Refusal(401, 40103))
    #expect(
      await ask(desk, "?key=appOne.keyRoot:rootSecret", peer: elsewhere).refusal == Refusal(401, 40103))
    #expect(await ask(desk, "", bearer(token), peer: elsewhere).status == 200)
    let secure = ServiceRequest.Peer(isLoopback: false, isSecure: true)
    #expect(await ask(desk, "", basic(desk.root), peer: secure).status == 200)
  }

  @Test("apps see nothing of each other")
  func apart() async throws {
    let desk = try Desk()
    #expect(await desk.publish(["name": "secret"], to: "x", as: basic(desk.root)).status == 201)
    #expect(await desk.history("x", as: basic(desk.root)).body.array?.count == 1)
    #expect(await desk.history("x", as: basic(desk.stranger)).body.array?.isEmpty == true)
  }
}
