internal import AblyTokens
internal import NIOWebSocket
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite(.endsAtLast) struct LogTests {
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

  @Test("a request without an answer is reported once it waits for as long as a connection may stand still")
  func unanswered() async throws {
    let store = HeldStore()
    let core = try ServiceCore(
      keys: [], store: store, clock: { [clock = ManualClock(Desk.start)] in clock.date },
      random: Randomness.system)
    let log = CapturedLog()
    let configuration = ServerConfiguration(port: 0, idleTimeout: .milliseconds(10))
    try await withAblyServer(core: core, configuration: configuration, logger: log.logger) { address in
      let text = "GET /channels/x/messages?key=appOne.keyNew:newSecret HTTP/1.1\r\nHost: h\r\n\r\n"
      try await RawConnection.open(address) { connection in
        try await connection.send(text)
        await store.waitForQuestion()
        try await until(log.everything.contains("not answered yet"))
        store.allow(1)
        let answer = try await connection.answer()
        #expect(answer.hasPrefix("HTTP/1.1 4"))
      }
    }
    let line = log.everything.split(separator: "\n").first { $0.hasPrefix("warning not answered yet") }
    #expect(line?.contains("/channels/x/messages") == true)
    #expect(!log.everything.contains("newSecret"))
  }

  @Test("the end of a connection has the code that it ended by")
  func code() async throws {
    let desk = try Desk()
    let log = CapturedLog()
    try await withAblyServer(
      core: desk.core, configuration: ServerConfiguration(port: 0), logger: log.logger
    ) { address in
      try await WebSocketClient.open(address, "/?v=6&key=appOne.keyRoot:wrongSecret") { socket in
        while let frame = try await socket.next(), frame.opcode != .connectionClose {}
      }
    }
    let line = log.everything.split(separator: "\n").first { $0.contains("disconnected") }
    #expect(line?.contains("40101") == true)
  }
}
