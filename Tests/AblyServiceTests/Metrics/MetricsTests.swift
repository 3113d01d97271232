internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct MetricsTests {
  private func lines(_ desk: Desk) async -> Set<String> {
    let response = await desk.send("GET", "/metrics")
    #expect(response.status == 200)
    return Set((response.text?.0 ?? "").split(separator: "\n").map(String.init))
  }

  @Test("requests are counted by route and status, refusals by code, tokens and revocations")
  func counts() async throws {
    let desk = try Desk()
    _ = try await desk.token(of: desk.root)
    _ = try await desk.token(of: desk.revocable)
    _ = await desk.send("GET", "/time")
    _ = await desk.history(as: [:])
    _ = await desk.history(as: bearer("nonsense"))
    _ = await desk.publish(["name": "x"], as: basic(desk.root))
    _ = await desk.send(
      "POST", "/keys/appOne.keyRevocable/revokeTokens",
      ["targets": ["clientId:bob", "clientId:eve", "nonsense"]], headers: basic(desk.revocable))
    let lines = await lines(desk)
    for line in [
      #"ably_requests_total{route="requestToken",status="201"} 2"#,
      #"ably_requests_total{route="time",status="200"} 1"#,
      #"ably_requests_total{route="messages",status="401"} 2"#,
      #"ably_requests_total{route="messages",status="201"} 1"#,
      #"ably_refusals_total{code="40106"} 1"#, #"ably_refusals_total{code="40145"} 1"#,
      "ably_tokens_issued_total 2", "ably_revocations_total 2", "# TYPE ably_requests_total counter",
      "# TYPE ably_sockets gauge", "ably_connections 0",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("connections, re-authentications and refusals on connections are counted")
  func realtime() async throws {
    let desk = try Desk()
    let metrics = desk.core.metrics
    metrics.connectionOpened()
    metrics.connectionOpened()
    metrics.connectionClosed()
    metrics.reauthenticated()
    metrics.refused(.tokenExpired)
    let lines = await lines(desk)
    #expect(lines.contains("ably_connections 1"))
    #expect(lines.contains("ably_connections_opened_total 2"))
    #expect(lines.contains("ably_reauthentications_total 1"))
    #expect(lines.contains(#"ably_refusals_total{code="40142"} 1"#))
    #expect(!lines.contains { $0.contains(#"status="0""#) })
  }

  @Test("what a connection is refused, and what it ends by, is counted by its code, once")
  func refusedLive() async throws {
    let desk = try Desk()
    func count(_ code: Int) -> Int { desk.core.metrics.counts.refusals[code] ?? 0 }
    let client = try await desk.connect(desk.chat)
    await client.publish(["data": "x"], to: "other")
    #expect(await client.frames().map(\.action) == [.nack])
    #expect(count(40160) == 1)
    #expect(await client.attach("other").map(\.action) == [.error])
    #expect(count(40160) == 2)
    await client.connection.receive([UInt8](repeating: 0x20, count: RealtimeLimits().frameBytes + 1))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40009))
    #expect(count(40009) == 1)
    #expect(client.connection.outbox.reason == .maxMessageSizeExceeded)

    let bob = try await desk.connect(
      try await desk.token(of: desk.revocable, TokenParams(ttl: .seconds(60), clientId: "bob")))
    let eve = try await desk.connect(try await desk.token(of: desk.root, TokenParams(ttl: .seconds(60))))
    _ = await desk.send(
      "POST", "/keys/appOne.keyRevocable/revokeTokens", ["targets": ["clientId:bob"]],
      headers: basic(desk.revocable))
    #expect(await bob.refusal() == RealtimeRefusal(.disconnected, 40141))
    #expect(count(40141) == 1)
    desk.advance(to: 60_000)
    #expect(await eve.refusal() == RealtimeRefusal(.disconnected, 40142))
    #expect(count(40142) == 1)

    let before = desk.core.metrics.counts.refusals.values.reduce(0, +)
    let other = try await desk.connect()
    await other.send(["action": 17, "auth": ["accessToken": "no.token"]])
    #expect(await other.refusal() != nil)
    _ = await desk.dial("accessToken=nonsense.x").frames()
    #expect(desk.core.metrics.counts.refusals.values.reduce(0, +) == before + 2)
    let ended = try await desk.connect()
    ended.connection.end()
    #expect(ended.connection.outbox.reason == nil)
  }

  @Test("hostile paths and methods make no figure of their own, and stand in none")
  func cardinality() async throws {
    let desk = try Desk()
    for index in 0..<300 {
      _ = await desk.send("M\(index)", "/evil\(index)\"} 1\n/x")
      _ = await desk.send("GET", "/channels/evil\(index)/messages")
      _ = await desk.send("GET", "/keys/evil\(index)/requestToken?evil=\(index)")
      _ = await desk.send("POST", "/keys/evil\(index)/requestToken", [:])
    }
    let lines = await lines(desk)
    #expect(lines.count < 60)
    #expect(!lines.contains { $0.contains("evil") })
  }

  @Test("no figure names an app, key, channel or client")
  func nobody() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bobby")).token
    _ = await desk.publish(["name": "secretName"], to: "secretChannel", as: bearer(token))
    let text = await lines(desk).joined(separator: "\n")
    for word in ["appOne", "keyRoot", "rootSecret", "bobby", "secretChannel", "secretName", token] {
      #expect(!text.contains(word))
    }
  }

  @Test("a label's value cannot leave its quotes or its line")
  func escaping() {
    var text = MetricsText()
    text.sample("m", [("l", "a\"} 1\nb\\")], 1)
    #expect(text.text == #"m{l="a\"} 1\nb\\"} 1"# + "\n")
  }

  @Test("even so many statuses are bounded")
  func bounded() {
    var counts = ServiceMetrics.Counts()
    for index in 0..<10_000 {
      counts.add(ServiceMetrics.Answer(route: "r\(index)", status: index), code: index)
    }
    #expect(counts.answers.count == 256)
    #expect(counts.refusals.count == 256)
  }

  @Test(
    "a path has one name, however it is spelt",
    arguments: [
      ("/time", "time"), ("/health", "health"), ("/ready", "ready"), ("/metrics", "metrics"),
      ("/stats", "stats"), ("/apps", "apps"), ("/apps/x", "apps"), ("/keys/a.b/requestToken", "requestToken"),
      ("/keys/a.b/revokeTokens", "revokeTokens"), ("/channels/x", "channel"),
      ("/channels/x/messages", "messages"), ("/channels/x/history", "history"),
      ("/channels/x/presence", "presence"), ("/channels/x/presence/history", "presence"),
      ("", "other"), ("/", "other"), ("time", "other"), ("/time/", "other"), ("/a/b/c/d/e/f/g", "other"),
      ("/channels/x/presence/history/more", "other"), ("/keys/a.b/request%54oken", "requestToken"),
      ("/%63hannels/x/%6Dessages?a=/b", "messages"), ("/channels/%FF/messages", "other"),
    ])
  func names(path: String, name: String) {
    let route = ServiceRequest("GET", path).route
    #expect((route?.name ?? "other") == name)
  }

  @Test("a token asked for at a path with percent signs is counted, noted and shown to pages as well")
  func spelling() async throws {
    let desk = try Desk()
    desk.core.enableAdministration()
    let request = try TokenRequestSigner(key: desk.root.key).sign(TokenParams(), at: desk.clock.date)
    let response = await desk.core.respond(
      to: ServiceRequest(
        "POST", "/%6Beys/\(request.keyName)/request%54oken", headers: ["origin": "https://app.example"],
        body: request.jsonUTF8))
    #expect(response.status == 201)
    #expect(response.values(of: "access-control-allow-origin") == ["*"])
    #expect(await lines(desk).contains("ably_tokens_issued_total 1"))
    let noted = await desk.send("GET", "/admin/tokens").body.array ?? []
    #expect(noted.map { $0["type"] } == ["issued"])
    #expect(!ServiceRequest("GET", "/%6Beys/a.b:secret/x").description.contains("secret"))
  }

  @Test("health and readiness, before and after the service begins to stop")
  func readiness() async throws {
    let desk = try Desk()
    #expect(await desk.send("GET", "/health").body == ["status": "ok"])
    #expect(await desk.send("GET", "/ready").status == 200)
    desk.core.setReady(false)
    let stopping = await desk.send("GET", "/ready")
    #expect(stopping.status == 503 && stopping.body == ["status": "stopping"])
    #expect(stopping.values(of: "retry-after") == ["1"])
    #expect(await desk.send("GET", "/health").status == 200)
    #expect(await desk.send("GET", "/time").status == 200)
  }

  @Test("a store that cannot be used is not called stopping, and whoever asks how it stands meets no error")
  func unavailable() async throws {
    let store = FailingStore()
    let core = try await ServiceCore(store: store)
    store.fails = true
    let away = await core.respond(to: ServiceRequest("GET", "/ready"))
    #expect(away.status == 503 && away.body == ["status": "unavailable"])
    #expect(away.values(of: "retry-after") == ["1"])
    #expect(away.isExpected && away.errorCode == nil)
    store.fails = false
    let back = await core.respond(to: ServiceRequest("GET", "/ready"))
    #expect(back.status == 200 && back.body == ["status": "ready"])
  }

  @Test("over a socket the figures are plain text, and sockets and bodies that are too large are counted")
  func served() async throws {
    try await LoopbackDesk.open { desk in
      let body = [UInt8](repeating: UInt8(ascii: " "), count: HTTPFront.maximumBodyBytes + 1)
      _ = try await desk.send("POST", "/channels/x/messages", body: body)
      let answer = try await desk.send("GET", "/metrics")
      #expect(answer.contentType == ["text/plain; version=0.0.4; charset=utf-8"])
      let text = String(decoding: answer.bytes, as: UTF8.self)
      #expect(text.contains(#"ably_requests_total{route="messages",status="413"} 1"#))
      #expect(text.contains(#"ably_refusals_total{code="40009"} 1"#))
      #expect(desk.desk.core.metrics.counts.sockets >= 1)
    }
  }

  @Test("a server that begins to stop is not ready")
  func stopping() async throws {
    let core = try Desk().core
    try await withAblyServer(core: core) { _ in #expect(core.isReady) }
    #expect(!core.isReady)
  }
}
