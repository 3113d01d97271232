internal import AblyService
internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite("session", .endsAtLast)
struct SessionCommandTests {
  /// Runs a session on a service of its own, and gives the lines it wrote.
  static func session(
    _ lines: [String], arguments: [String] = [], key: Bool = true
  ) async throws -> (exitCode: Int32, lines: [JSONValue]) {
    let core = try ServiceCore(keys: [ServiceKey(APIKey(Tool.key))])
    return try await withAblyServer(core: core) { server in
      let connection = ["--endpoint", "127.0.0.1", "--port", "\(server.port)", "--no-tls"]
      let credentials = key ? ["--key", Tool.key, "--insecure-basic-on-loopback"] : []
      let ended = try await Tool.run(
        list: ["session", "--rest"] + connection + credentials + arguments,
        input: lines.joined(separator: "\n") + "\n")
      let written = try ended.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      return (ended.exitCode, written)
    }
  }

  static func answers(_ lines: [JSONValue]) -> [JSONValue] { lines.filter { $0["event"] == nil } }

  @Test("a story: authorize, publish, history, request, state, quit", arguments: ["json", "msgpack"])
  func story(format: String) async throws {
    let (exitCode, lines) = try await Self.session(
      [
        #"{"id":1,"do":"state"}"#,
        #"{"id":2,"do":"authorize","tokenParams":{"clientId":"bob","ttl":60000,"capability":{"chat:*":["publish","history","channel-metadata"]}}}"#,
        #"{"id":3,"do":"publish","channel":"chat:a","name":"n","data":{"k":[1]}}"#,
        #"{"id":4,"do":"history","channel":"chat:a"}"#,
        #"{"id":5,"do":"request","method":"GET","path":"/channels/chat:a/messages"}"#,
        #"{"id":6,"do":"request","method":"GET","path":"/channels/news/messages"}"#,
        #"{"id":7,"do":"state"}"#,
        #"{"id":8,"do":"status","channel":"chat:a"}"#,
        #"{"id":9,"do":"time"}"#,
        #"{"id":10,"do":"quit"}"#,
        #"{"id":11,"do":"time"}"#,
      ], arguments: ["--protocol", format])
    #expect(exitCode == 0)
    let answers = Self.answers(lines)
    #expect(answers.compactMap { $0["id"]?.number?.int64 } == Array(1...10))
    #expect(answers.allSatisfy { $0["ok"] == true })
    let results = answers.map { $0["result"] }
    #expect(
      results[0] == ["connection": .null, "clientId": .null, "tokenDetails": .null, "errorReason": .null])
    #expect(results[1]?["clientId"] == "bob")
    #expect(results[2]?["serials"]?.array?.count == 1)
    #expect(results[3]?.array?.first?["data"] == ["k": [1]])
    #expect(results[3]?.array?.first?["clientId"] == "bob")
    #expect(results[4]?["statusCode"] == 200)
    #expect(results[4]?["items"]?.array?.count == 1)
    #expect(results[5]?["statusCode"] == 401)
    #expect(results[5]?["errorCode"] == 40160)
    #expect(results[6]?["clientId"] == "bob")
    #expect(results[6]?["tokenDetails"]?["token"] == results[1]?["token"])
    #expect(results[7]?["channelId"] == "chat:a")
    #expect((results[8]?.number?.int64 ?? 0) > 1_600_000_000_000)
    let events = lines.filter { $0["event"] == "auth" }.compactMap { $0["state"]?.string }
    #expect(events == ["renewing", "renewed"])
  }

  @Test("RSA10j: empty objects replace what is stored, absent ones do not")
  func replaces() async throws {
    let (_, lines) = try await Self.session([
      #"{"id":1,"do":"authorize","tokenParams":{"ttl":60000}}"#,
      #"{"id":2,"do":"createTokenRequest"}"#,
      #"{"id":3,"do":"authorize","tokenParams":{}}"#,
      #"{"id":4,"do":"createTokenRequest"}"#,
      #"{"id":5,"do":"authorize","authOptions":{}}"#,
      #"{"id":6,"do":"createTokenRequest"}"#,
    ])
    let answers = Self.answers(lines)
    #expect(answers[1]["result"]?["ttl"] == 60000)
    #expect(answers[3]["result"]?["ttl"] == nil)
    #expect(answers[4]["error"]?["code"] == 40171)
    #expect(answers[5]["error"]?["code"] == 40101)
  }

  @Test("a token that the service refuses is renewed; revocation with a token is refused here")
  func renews() async throws {
    let (_, lines) = try await Self.session(
      [
        #"{"id":1,"do":"publish","channel":"c","name":"n"}"#,
        #"{"id":2,"do":"revokeTokens","targets":[{"type":"clientId","value":"x"}]}"#,
      ], arguments: ["--token", "nonsense"])
    let answers = Self.answers(lines)
    #expect(answers[0]["ok"] == true)
    #expect(answers[1]["error"]?["code"] == 40162)
  }

  static let slips: [(String, Int)] = [
    ("{", 40000), ("[]", 40000), (#"{"do":"fly"}"#, 40000), (#"{"do":"connect"}"#, 40000),
    (#"{"do":"publish"}"#, 40000), (#"{"do":"time","now":true}"#, 40000),
    (#"{"do":"publish","channel":"c","nmae":"n"}"#, 40000),
    (#"{"do":"history","channel":"c","limit":1}"#, 40000),
    (#"{"do":"history","channel":"c","untilAttach":true}"#, 40000),
    (#"{"do":"authorize","ttl":60000}"#, 40000), (#"{"do":"requestToken","tokenParam":{}}"#, 40000),
    (#"{"do":"revokeTokens","targets":[{"type":"clientId","value":"x","issuedBefore":1}]}"#, 40000),
    (#"{"do":"request","path":"/"}"#, 40000),
    (#"{"do":"authorize","tokenParams":5}"#, 40000),
    (#"{"do":"authorize","authOptions":{"key":"x"}}"#, 40101),
    (#"{"do":"authorize","authOptions":{"authUrl":"x"}}"#, 40003),
    (#"{"do":"revokeTokens","targets":[{"type":"clientId"}]}"#, 40000),
    (#"{"do":"authorize","authOptions":[]}"#, 40000),
    (#"{"do":"authorize","authOptions":{"queryTime":"true"}}"#, 40000),
    (#"{"do":"authorize","authOptions":{"useTokenAuth":1}}"#, 40000),
    (#"{"do":"authorize","authOptions":{"authHeaders":{"X":{}}}}"#, 40000),
    (#"{"do":"authorize","authOptions":{"authHeaders":[]}}"#, 40000),
    (#"{"do":"requestToken","authOptions":{"authParams":{"x":null}}}"#, 40000),
    (#"{"do":"authorize","authOptions":{"token":5}}"#, 40000),
    (#"{"do":"authorize","authOptions":{"authMethod":"PUT"}}"#, 40003),
  ]

  @Test("a member that means nothing there is named, with what the line may hold")
  func unknownMember() async throws {
    let (_, lines) = try await Self.session([#"{"id":1,"do":"publish","channel":"c","nmae":"n"}"#])
    let answer = Self.answers(lines).first
    #expect(answer?["id"] == 1)
    #expect(answer?["error"]?["message"] == "a line that says publish has no member 'nmae'")
    let (_, notJSON) = try await Self.session(["{"])
    #expect(notJSON.first?["error"]?["message"]?.string?.hasPrefix("the line is not JSON: ") == true)
  }

  @Test("a slip is an answer, and the session goes on", arguments: slips)
  func slip(line: String, code: Int) async throws {
    let (exitCode, lines) = try await Self.session([line, "", #"{"id":2,"do":"time"}"#])
    #expect(exitCode == 0)
    #expect(lines.count == 2)
    #expect(lines[0]["ok"] == false)
    #expect(lines[0]["error"]?["code"]?.number?.int64 == Int64(code))
    #expect(lines[1]["ok"] == true)
  }

  @Test(
    "a client that cannot be built says so, and ends with 1",
    arguments: [
      [], ["--key", "swordfish"], ["--token", "t", "--client-id", "*"], ["--auth-url", "nowhere"],
      ["--key", Tool.key],
    ])
  func unbuildable(arguments: [String]) async throws {
    let (exitCode, lines) = try await Self.session([#"{"do":"time"}"#], arguments: arguments, key: false)
    #expect(exitCode == 1)
    #expect(lines.count == 1)
    #expect(lines.first?["event"] == "error")
    #expect(lines.first?["error"]?["code"] != nil)
  }

  @Test("request prints what came; its exit code says whether it was done")
  func request() async throws {
    let core = try ServiceCore(keys: [ServiceKey(APIKey(Tool.key))])
    try await withAblyServer(core: core) { server in
      let arguments = [
        "--key", Tool.key, "--endpoint", "127.0.0.1", "--port", "\(server.port)", "--no-tls",
        "--use-token-auth",
        "--client-id", "bob",
      ]
      let posted = try await Tool.run(
        list: ["request", "POST", "/channels/c/messages", "--body", #"{"name":"n"}"#] + arguments)
      #expect(posted.exitCode == 0, "\(posted.talk)")
      #expect(try posted.json()["statusCode"] == 201)
      let read = try await Tool.run(list: ["request", "GET", "/channels/c/messages"] + arguments)
      #expect(try read.json()["items"]?.array?.first?["clientId"] == "bob")
      let refused = try await Tool.run(list: ["request", "GET", "/nowhere"] + arguments)
      #expect(refused.exitCode == 1)
      #expect(try refused.json()["errorCode"] == 40400)
      let wrong = try await Tool.run(list: ["request", "GET", "/", "--body", "{"] + arguments)
      #expect(wrong.exitCode == 2)
      let revoked = try await Tool.run(list: ["revoke"] + arguments.dropLast(2) + ["--client-id", "bob"])
      #expect(revoked.exitCode == 1)
      #expect(revoked.talk.contains("40162"))
    }
    let nothing = try await Tool.run("revoke", "--key", Tool.key)
    #expect(nothing.exitCode == 2)
    let nobody = try await Tool.run(
      "request", "GET", "/time", "--token", "t", "--endpoint", "127.0.0.1", "--port", "1", "--no-tls")
    #expect(nobody.exitCode == 3)
    let noAuthServer = try await Tool.run("token", "--auth-url", "http://127.0.0.1:1/")
    #expect(noAuthServer.exitCode == 3)
    #expect(noAuthServer.talk.contains("40170"))
    #expect(noAuthServer.talk.contains("--auth-url gave no token"))
  }
}
