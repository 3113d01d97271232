internal import AblyService
internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite("session with a connection", .endsAtLast)
struct RealtimeSessionTests {
  /// Runs a session on a service of its own, and gives the lines it wrote.
  private static func session(
    _ lines: [String], arguments: [String] = []
  ) async throws -> (exitCode: Int32, lines: [JSONValue]) {
    let core = try ServiceCore(keys: [ServiceKey(APIKey(Tool.key))])
    return try await withAblyServer(core: core) { server in
      let ended = try await Tool.run(
        list: [
          "session", "--endpoint", "127.0.0.1", "--port", "\(server.port)", "--no-tls", "--key", Tool.key,
          "--insecure-basic-on-loopback",
        ] + arguments, input: lines.joined(separator: "\n") + "\n")
      return (ended.exitCode, try read(ended.output))
    }
  }

  private static func read(_ output: String) throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  private static func states(_ lines: [JSONValue]) -> [String?] {
    lines.filter { $0["event"] == "state" }.map { $0["current"]?.string }
  }

  private static func answer(_ lines: [JSONValue], _ id: JSONValue) -> JSONValue? {
    lines.first { $0["id"] == id }
  }

  @Test(
    "RTN4, RTL6, RTL7, RTP8: a story, with every change from the first on", arguments: ["json", "msgpack"])
  func story(format: String) async throws {
    let (exitCode, lines) = try await Self.session(
      [
        #"{"id":1,"do":"connect"}"#,
        #"{"id":2,"do":"subscribe","channel":"a"}"#,
        #"{"id":3,"do":"publish","channel":"a","name":"n","data":{"k":1}}"#,
        #"{"id":4,"do":"enter","channel":"a","data":"here"}"#,
        #"{"id":5,"do":"attach","channel":"b"}"#,
        #"{"id":6,"do":"history","channel":"a"}"#,
        #"{"id":"ping","do":"ping"}"#,
        #"{"id":7,"do":"dance"}"#,
      ], arguments: ["--client-id", "ada", "--protocol", format])
    #expect(exitCode == 0)
    #expect(Self.states(lines) == ["connecting", "connected", "closing", "closed"])
    #expect(
      lines.first { $0["event"] == "state" }
        == ["event": "state", "previous": "initialized", "current": "connecting", "reason": .null])
    for id in [1, 2, 3, 4, 5, 6, "ping"] as [JSONValue] {
      #expect(Self.answer(lines, id)?["ok"] == true, "\(id)")
    }
    #expect(Self.answer(lines, 7)?["error"]?["code"] == 40000)
    #expect(Self.answer(lines, 3)?["result"]?["serials"]?.array?.count == 1)
    #expect(
      lines.contains([
        "event": "message", "channel": "a", "name": "n", "data": ["k": 1], "clientId": "ada",
      ]))
    let channel = lines.filter { $0["event"] == "channel" && $0["channel"] == "b" }.map { $0["current"] }
    #expect(channel.prefix(2) == ["attaching", "attached"])
    let entered = lines.first { $0["event"] == "presence" }
    #expect(entered?["action"] == "enter")
    #expect(entered?["clientId"] == "ada")
    #expect(entered?["data"] == "here")
  }

  @Test("connect and authorize at once: both complete, with one connection and the token that was asked for")
  func atOnce() async throws {
    let (exitCode, lines) = try await Self.session([
      #"{"id":1,"do":"connect"}"#,
      #"{"id":2,"do":"authorize","tokenParams":{"clientId":"ada"}}"#,
      #"{"id":3,"do":"time"}"#,
    ])
    #expect(exitCode == 0)
    #expect(Self.answer(lines, 2)?["result"]?["clientId"] == "ada")
    #expect(Self.states(lines).prefix(2) == ["connecting", "connected"])
    #expect(lines.contains { $0["event"] == "auth" && $0["state"] == "renewed" })
  }

  @Test("RTN3: without auto-connect nothing happens before a line says so; close ends the connection")
  func noAutoConnect() async throws {
    let (exitCode, lines) = try await Self.session(
      [#"{"id":1,"do":"state"}"#, #"{"id":2,"do":"quit"}"#], arguments: ["--no-auto-connect"])
    #expect(exitCode == 0)
    #expect(
      Self.answer(lines, 1)?["result"]
        == ["connection": "initialized", "clientId": .null, "tokenDetails": .null, "errorReason": .null])
    #expect(!Self.states(lines).contains("connecting"))
  }

  @Test("RTN14d: where nothing listens, connect says so, and the state when it tries again")
  func unreachable() async throws {
    let ended = try await withRefusingPort { port in
      try await Tool.run(
        list: [
          "session", "--endpoint", "127.0.0.1", "--port", "\(port)", "--no-tls", "--token", "appId.token",
          "--disconnected-retry-timeout", "60000",
        ], input: #"{"id":1,"do":"connect"}"# + "\n")
    }
    #expect(ended.exitCode == 0)
    let lines = try Self.read(ended.output)
    #expect(Self.answer(lines, 1)?["ok"] == false)
    #expect(Self.answer(lines, 1)?["error"]?["code"] == 80000)
    let disconnected = lines.first { $0["current"] == "disconnected" }
    #expect(disconnected?["previous"] == "connecting")
    #expect(disconnected?["reason"]?["code"] == 80000)
    #expect((48_000...60_000).contains(disconnected?["retryIn"]?.number?.int64 ?? 0))
  }

  @Test("a client that cannot be built is an event and exit 1")
  func unbuildable() async throws {
    let ended = try await Tool.run(list: ["session", "--endpoint", "127.0.0.1"], input: "")
    #expect(ended.exitCode == 1)
    #expect(try ended.json()["event"] == "error")
    #expect(try ended.json()["error"]?["code"] == 40106)
  }
}
