internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct FaultTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private func add(_ rules: JSONValue...) async throws {
    let answer = await desk.send("POST", "/admin/faults", ["rules": .array(rules)])
    try #require(answer.status == 201, "\(answer.body)")
  }

  private func act(_ action: JSONValue) async -> JSONValue? {
    await desk.send("POST", "/admin/actions", action).body["count"]
  }

  @Test("a connection is refused, and the second time not, as the rule says")
  func refusedConnection() async throws {
    try await add([
      "match": ["type": "ws_connect"], "action": ["type": "refuse_connection"], "times": 1,
    ])
    let first = await desk.dial("key=\(desk.root.key.revealed())")
    await first.connection.waitForCut()
    #expect(await first.outputs() == [])
    _ = try await desk.connect()
  }

  @Test("the second connection is closed, told by its query")
  func secondConnection() async throws {
    try await add([
      "match": ["type": "ws_connect", "queryContains": ["resume": "*"]],
      "action": ["type": "accept_and_close", "closeCode": 1011],
    ])
    _ = try await desk.connect()
    let second = await desk.dial("key=\(desk.root.key.revealed())&resume=x")
    #expect(await second.outputs() == [.close])
  }

  @Test("frames to a client are suppressed, replaced, added to, and followed by the end")
  func framesToClient() async throws {
    let client = try await desk.connect()
    let error: JSONValue = ["action": 9, "channel": "b", "error": ["code": 40160, "statusCode": 401]]
    try await add(
      [
        "match": ["type": "ws_frame_to_client", "action": "ATTACHED", "channel": "a"],
        "action": ["type": "suppress"], "times": 1,
      ],
      [
        "match": ["type": "ws_frame_to_client", "action": "11", "channel": "b"],
        "action": ["type": "replace", "message": error],
      ],
      [
        "match": ["type": "ws_frame_to_client", "action": "ATTACHED", "channel": "c"],
        "action": ["type": "inject_to_client", "message": ["action": 13, "channel": "c"]],
      ],
      [
        "match": ["type": "ws_frame_to_client", "action": "ATTACHED", "channel": "d"],
        "action": ["type": "inject_to_client_and_close", "message": ["action": 6], "closeCode": 1000],
      ])
    #expect(await client.attach("a") == [])
    #expect(await client.attach("a").map(\.action) == [.attached])
    let replaced = await client.attach("b")
    #expect(replaced.map(\.action) == [.error])
    #expect(replaced.first?.error?.code == .capabilityDenied)
    #expect(await client.attach("c").map(\.action) == [.attached, .detached])
    await client.send(["action": 10, "channel": "d"])
    #expect(await client.outputs().map(\.action) == [.disconnected, nil])
  }

  @Test("frames of a client are suppressed, replaced and counted")
  func framesToServer() async throws {
    let client = try await desk.connect()
    try await add(
      [
        "match": ["type": "ws_frame_to_server", "action": "ATTACH", "count": 2],
        "action": ["type": "suppress"],
      ],
      [
        "match": ["type": "ws_frame_to_server", "action": "DETACH"],
        "action": ["type": "replace", "message": ["action": 10, "channel": "z"]],
      ])
    #expect(await client.attach("a").map(\.channel) == ["a"])
    #expect(await client.attach("b") == [])
    #expect(await client.attach("c").map(\.channel) == ["c"])
    await client.send(["action": 12, "channel": "a"])
    #expect(await client.frames().map(\.channel) == ["z"])
  }

  @Test("a rule meets a client some time after it connected, to the millisecond")
  func afterConnect() async throws {
    try await add([
      "match": ["type": "delay_after_ws_connect", "delayMs": 5000],
      "action": ["type": "inject_to_client", "message": ["action": 17]],
    ])
    let client = try await desk.connect()
    desk.advance(to: 4999)
    #expect(await client.frames() == [])
    desk.advance(to: 5000)
    #expect(await client.frames().map(\.action) == [.auth])
    desk.advance(to: 14_000)
    #expect(await client.frames() == [])
  }

  @Test("HTTP requests are answered, or not, as the rule says")
  func requests() async throws {
    try await add(
      [
        "match": ["type": "http_request", "method": "POST", "pathContains": "/keys/"],
        "action": ["type": "http_respond", "status": 503, "body": ["error": ["code": 50003]]], "times": 1,
      ],
      ["match": ["type": "http_request", "pathContains": "/time"], "action": ["type": "http_drop"]])
    let path = "/keys/\(desk.root.key.keyName)/requestToken"
    let first = await desk.send("POST", path, [:], headers: basic(desk.root))
    #expect(first.refusal == Refusal(503, 50003))
    #expect(await desk.send("POST", path, [:], headers: basic(desk.root)).status == 201)
    #expect(await desk.send("GET", "/time").isDropped)
    #expect(await desk.send("DELETE", "/admin/faults").status == 204)
    #expect(await desk.send("GET", "/time").status == 200)
  }

  @Test("who is connected is asked for a token, told that theirs is over, or cut, at once")
  func actions() async throws {
    let bob = try await desk.connect(try await desk.token(of: desk.root, TokenParams(clientId: "bob")))
    let eve = try await desk.connect(try await desk.token(of: desk.root, TokenParams(clientId: "eve")))
    #expect(await act(["type": "reauthenticate", "clientId": "bob"]) == 1)
    #expect(await bob.frames().map(\.action) == [.auth])
    #expect(await eve.frames() == [])
    #expect(await act(["type": "expire_token", "connectionId": .string(bob.id)]) == 1)
    #expect(await bob.refusal() == RealtimeRefusal(.disconnected, 40142))
    #expect(await eve.outputs() == [])
    #expect(await act(["type": "revoke_token"]) == 1)
    #expect(await eve.refusal() == RealtimeRefusal(.disconnected, 40141))
    let other = try await desk.connect()
    #expect(await act(["type": "disconnect"]) == 1)
    await other.connection.waitForCut()
  }

  @Test(
    "a token that is ended on a connection is over for all connections with it and for requests",
    arguments: [("expire_token", 40142), ("revoke_token", 40141)])
  func endedToken(action: String, code: Int) async throws {
    let token = try await desk.token(of: desk.root)
    let bob = try await desk.connect(try await desk.token(of: desk.root, TokenParams(clientId: "bob")))
    let (one, two) = (try await desk.connect(token), try await desk.connect(token))
    let key = try await desk.connect()
    #expect(await act(["type": .string(action), "connectionId": .string(one.id)]) == 1)
    #expect(await one.refusal() == RealtimeRefusal(.disconnected, code))
    #expect(await two.refusal() == RealtimeRefusal(.disconnected, code))
    #expect(await bob.outputs() == [])
    #expect(await key.outputs() == [])
    #expect(await desk.history(as: bearer(token.token)).refusal == Refusal(401, code))
    #expect(await desk.dial("accessToken=\(token.token)").refusal() == RealtimeRefusal(.disconnected, code))
    await bob.send(["action": 17, "auth": ["accessToken": .string(token.token)]])
    #expect(await bob.refusal() == RealtimeRefusal(.disconnected, code))
    let next = try await desk.token(of: desk.root)
    #expect(await desk.history(as: bearer(next.token)).status == 200)
  }

  @Test("RTC8a: after a token was swapped, it is the new one that is ended")
  func endedAfterSwap() async throws {
    let (first, second) = (try await desk.token(of: desk.root), try await desk.token(of: desk.root))
    let client = try await desk.connect(first)
    await client.send(["action": 17, "auth": ["accessToken": .string(second.token)]])
    #expect(await client.frames().map(\.action) == [.connected])
    desk.core.expire(first.token)
    #expect(await client.outputs() == [])
    #expect(await act(["type": "expire_token"]) == 1)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40142))
    #expect(await desk.history(as: bearer(second.token)).refusal == Refusal(401, 40142))
  }

  @Test("a token that lies in a JWT is ended with it, the JWT alone without it")
  func endedEnvelope() async throws {
    let token = try await desk.token(of: desk.root)
    let expires = Desk.start / 1000 + 60
    let outer = OuterToken(expires: expires).withClaim("x-ably-token", .string(token.token)).signed
    let client = await desk.dial("accessToken=\(outer)")
    #expect(await client.frames().map(\.action) == [.connected])
    #expect(await act(["type": "revoke_token"]) == 1)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await desk.history(as: bearer(outer)).refusal == Refusal(401, 40141))
    #expect(await desk.history(as: bearer(token.token)).status == 200)
    let other = OuterToken(expires: expires + 1).withClaim("x-ably-token", .string(token.token)).signed
    let second = await desk.dial("accessToken=\(other)")
    #expect(await second.frames().map(\.action) == [.connected])
    desk.core.revoke(token: token.token)
    #expect(await second.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(await desk.history(as: bearer(other)).refusal == Refusal(401, 40141))
  }

  @Test("the clock is wrong by as much as it is told, and tokens end by it")
  func skew() async throws {
    let client = try await desk.connect(try await desk.token(of: desk.root))
    _ = await act(["type": "skew_clock", "offsetMs": 3_600_000])
    #expect(await desk.send("GET", "/time").body == [.number(JSONNumber(Desk.start + 3_600_000))])
    #expect(await client.frames().last?.error?.code == .tokenExpired)
  }

  @Test("what happened is kept without a secret")
  func events() async throws {
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob"))
    let client = try await desk.connect(token)
    await client.send(["action": 17, "auth": ["accessToken": .string(token.token)]])
    let key = desk.core.realtime.perform {
      $0.session(over: client.connection.transport)?.key.text.text ?? ""
    }
    _ = await desk.dial("accessToken=\(token.token)&resume=\(PercentEncoding.component(key))").frames()
    _ = await desk.dial("accessToken=nonsense").frames()
    _ = await desk.send("GET", "/channels/a/messages", headers: bearer("nonsense.x"))
    var text = ""
    for path in ["events", "connections", "tokens"] {
      let answer = await desk.send("GET", "/admin/\(path)")
      #expect(answer.body.array?.isEmpty == false)
      text += answer.body.text
    }
    for secret in [token.token, key, "rootSecret"] { #expect(!text.contains(secret)) }
    let tokens = await desk.send("GET", "/admin/tokens").body.array ?? []
    #expect(tokens.map { $0["type"]?.string } == ["issued", "refused", "refused"])
    #expect(tokens.first?["clientId"] == "bob")
    let connections = await desk.send("GET", "/admin/connections").body.array ?? []
    #expect(connections.map { $0["clientId"]?.string } == ["bob"])
  }

  @Test("nobody administers a service that was not told so, or from another machine")
  func off() async throws {
    let other = try Desk()
    #expect(await other.send("GET", "/admin/connections").refusal == Refusal(404, 40400))
    let far = ServiceRequest.Peer(isLoopback: false, isSecure: true)
    #expect(await desk.send("GET", "/admin/connections", peer: far).refusal == Refusal(403, 40300))
  }

  @Test("no page of a browser administers the service, by whatever name of its host")
  func pages() async throws {
    for headers in [
      ["origin": "https://evil.example"], ["host": "evil.example:8080"], ["host": "[fe80::1]:8080"],
      ["host": "localhost:8080", "origin": "null"],
    ] {
      #expect(
        await desk.send("GET", "/admin/events", headers: headers).refusal == Refusal(403, 40300), "\(headers)"
      )
    }
    for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
      #expect(await desk.send("GET", "/admin/events", headers: ["host": host]).status == 200, "\(host)")
    }
  }

  @Test("a token is ended by its text, whether or not anybody is connected with it")
  func endedByText() async throws {
    let token = try await desk.token(of: desk.root)
    #expect(await act(["type": "revoke_token", "token": .string(token.token)]) == 1)
    #expect(await desk.history(as: bearer(token.token)).refusal == Refusal(401, 40141))
    let answer = await desk.send("POST", "/admin/actions", ["type": "disconnect", "token": "x"])
    #expect(answer.refusal == Refusal(400, 40000))
  }

  @Test(
    "RSL1k4: a publish that is carried out and answered otherwise is there, and its repetition is not published"
  )
  func replacedAnswer() async throws {
    try await add([
      "match": ["type": "http_request", "method": "POST", "pathContains": "/messages"],
      "action": ["type": "http_replace_response", "status": 503, "body": ["error": ["code": 50300]]],
      "times": 1,
    ])
    let message: JSONValue = ["id": "x:0", "data": "once"]
    #expect(await desk.publish(message, as: basic(desk.root)).refusal == Refusal(503, 50300))
    #expect(await desk.publish(message, as: basic(desk.root)).status == 201)
    #expect(await desk.history().body.array?.count == 1)
  }

  @Test("a rule's method is met in any case")
  func methodCase() async throws {
    try await add([
      "match": ["type": "http_request", "method": "get", "pathContains": "/time"],
      "action": ["type": "http_respond", "status": 418],
    ])
    #expect(await desk.send("GET", "/time").status == 418)
  }

  @Test(
    "what is no rule is refused, and none of its neighbours holds",
    arguments: [
      [:], ["match": [:], "action": [:]], ["match": ["type": "ws_connect"], "action": ["type": "x"]],
      ["match": ["type": "ws_connect"], "action": ["type": "delay", "delayMs": -1]],
      ["match": ["type": "ws_connect", "count": 0], "action": ["type": "suppress"]],
      ["match": ["type": "ws_frame_to_client", "action": 4], "action": ["type": "suppress"]],
      ["match": ["type": "ws_connect"], "action": ["type": "close", "closeCode": 70_000]],
      ["match": ["type": "ws_connect"], "action": ["type": "replace", "message": 1]],
      ["match": ["type": "http_request"], "action": ["type": "http_respond", "status": 20]],
    ] as [JSONValue])
  func invalid(rule: JSONValue) async throws {
    let good: JSONValue = ["match": ["type": "ws_connect"], "action": ["type": "refuse_connection"]]
    let answer = await desk.send("POST", "/admin/faults", ["rules": [good, rule]])
    #expect(answer.refusal == Refusal(400, 40000))
    #expect(await desk.send("GET", "/admin/faults").body["count"] == 0)
  }
}
