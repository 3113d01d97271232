internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct LogTests {
  @Test("a line for each request, and no secret in any, at the finest level")
  func redacts() async throws {
    let desk = try Desk()
    let log = CapturedLog()
    let request = try TokenRequestSigner(key: desk.root.key).sign(at: desk.clock.date)
    let token = try await withAblyServer(
      core: desk.core, configuration: ServerConfiguration(port: 0), logger: log.logger
    ) { address in
      let client = LoopbackDesk(desk: desk, address: address)
      let granted = try await client.send("POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8)
      let token = try TokenDetails(json: #require(granted.json)).token
      _ = try await client.send("GET", "/channels/x/messages?key=appOne.keyRoot:rootSecret")
      _ = try await client.send("GET", "/channels/x/messages?accessToken=\(token)")
      _ = try await client.send("GET", "/channels/x/messages", headers: bearer(token))
      _ = try await client.send("GET", "/channels/x/messages", headers: basic(desk.root))
      _ = try await client.send("GET", "/channels/x/messages?key=appOne.keyRoot:wrongSecret")
      return token
    }
    #expect(log.everything.contains("/keys/appOne.keyRoot/requestToken"))
    #expect(log.everything.contains("40101"))
    let secrets = [
      "rootSecret", "wrongSecret", token, Base64.standard.encode(token.utf8), request.mac, request.nonce,
      Base64.standard.encode("appOne.keyRoot:rootSecret".utf8),
    ]
    for secret in secrets { #expect(!log.everything.contains(secret)) }
  }
}
