internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// Clients with good credentials who want more than those give.
@Suite struct HostilePublisherTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func token(_ capability: Capability, _ clientId: String? = nil) async throws -> TokenDetails {
    try await desk.token(of: desk.root, TokenParams(capability: capability, clientId: clientId))
  }

  private var history: [String?] {
    get async { await desk.history("a").body.array?.map { $0["data"]?.string } ?? [] }
  }

  @Test("RTL6: nobody takes the next message id of another, so that its message would count as published")
  func ids() async throws {
    let bob = try await desk.connect(try await token(["a": [.publish, .subscribe]], "bob"))
    let eve = try await desk.connect(try await token(["a": [.publish]], "eve"))
    _ = await bob.attach("a")
    await eve.publish(["id": .string("\(bob.id):0:0"), "data": "forged"], to: "a")
    #expect(await eve.frames().map(\.action) == [.ack])
    _ = await bob.frames()
    await bob.publish(["data": "real"], to: "a")
    let frames = await bob.frames()
    #expect(frames.map(\.action) == [.ack, .message])
    #expect(frames.last?.messages.map(\.data) == ["real"])
    #expect(await history == ["real", "forged"])
    // Sent again by its connection, it is the same.
    await bob.publish(["data": "real"], to: "a")
    #expect(await bob.frames().map(\.action) == [.ack])
  }

  @Test("RSL1k: an id is its publisher's; the same of another client is another message")
  func idsOverHTTP() async throws {
    let bob = try await token(["a": [.publish]], "bob").token
    let eve = try await token(["a": [.publish]], "eve").token
    for (token, data) in [(bob, "one"), (eve, "two"), (bob, "again"), (eve, "again")] {
      let message: JSONValue = ["id": "x:0", "data": .string(data)]
      #expect(await desk.publish(message, to: "a", as: bearer(token)).status == 201)
    }
    #expect(await history == ["two", "one"])
  }

  @Test("RSL1k: two spellings of an identity, or of an id, are two: neither silences the other")
  func spellings() async throws {
    let (composed, decomposed) = ("Zo\u{EB}", "Zoe\u{308}")
    for clientId in [composed, decomposed] {
      let token = try await token(["a": [.publish, .subscribe, .presence]], clientId)
      let client = try await desk.connect(token)
      _ = await client.attach("a")
      for (serial, id) in ["x", composed, decomposed].enumerated() {
        await client.publish(["id": .string(id), "data": .string("\(serial)")], to: "a", serial: serial)
      }
      await client.change(2, in: "a", serial: 3)
      let frames = await client.frames()
      #expect(frames.filter { $0.action == .ack }.count > 0)
      #expect(!frames.contains { $0.action == .nack })
    }
    #expect(await history.count == 6)
    let both: JSONValue = [["id": .string("\(composed)1")], ["id": .string("\(decomposed)1")]]
    #expect(await desk.publish(both, to: "a", as: basic(desk.root)).status == 201)
    for clientId in [composed, decomposed] {
      let path = "/channels/a/presence?clientId=\(PercentEncoding.component(clientId))"
      #expect(await desk.send("GET", path, headers: basic(desk.root)).body.array?.count == 1)
      #expect(desk.core.realtime.perform { $0.ids(connectionId: nil, clientId: clientId).count } == 1)
    }
  }

  @Test("RTL4c1: by a resume and a made-up serial nobody reads what was before: that is history")
  func historyByResume() async throws {
    _ = await desk.publish(["data": "old"], to: "a", as: basic(desk.root))
    _ = await desk.publish(["data": "old"], to: "b", as: basic(desk.root))
    desk.clock.advance(by: 1000)
    let token = try await token(["*": [.subscribe]])
    #expect(await desk.history("a", as: bearer(token.token)).refusal == Refusal(401, 40160))
    let first = try await desk.connect(token)
    let own = try #require(await first.attach("a").first?.channelSerial)
    let key = desk.core.realtime.perform {
      $0.session(over: first.connection.transport)?.key.text.text ?? ""
    }
    first.connection.end()
    _ = await desk.publish(["data": "missed"], to: "a", as: basic(desk.root))
    let second = await desk.dial("accessToken=\(token.token)&resume=\(PercentEncoding.component(key))")
    #expect(await second.frames().first?.error == nil)
    // The form of a serial is no secret: its node stands in each.
    let forged = "00000000000000-000" + own.dropFirst(18)
    for channel in ["a", "b"] {
      let frames = await second.attach(channel, serial: forged)
      #expect(frames.map(\.action) == [.attached])
      #expect(frames.first?.flags.contains(.resumed) == false)
      #expect(frames.first?.error?.code == .channelContinuityLost)
      await second.send(["action": 12, "channel": .string(channel)])
      _ = await second.frames()
    }
    // What it was there for is its own, until it leaves.
    let third = try await desk.connect(token)
    let serial = try #require(await third.attach("a").first?.channelSerial)
    let other = desk.core.realtime.perform {
      $0.session(over: third.connection.transport)?.key.text.text ?? ""
    }
    third.connection.end()
    _ = await desk.publish(["data": "meant"], to: "a", as: basic(desk.root))
    let fourth = await desk.dial("accessToken=\(token.token)&resume=\(PercentEncoding.component(other))")
    _ = await fourth.frames()
    #expect(await fourth.attach("a", serial: serial).flatMap(\.messages).map(\.data) == ["meant"])
  }

  @Test("a token's publish rate holds on its connection, attached or not, and however often")
  func rate() async throws {
    let claims = AblyJWT.Claims(publishRates: ["a": 2], issuedAt: desk.clock.date)
    let jwt = try AblyJWTSigner(key: desk.root.key).mint(claims).token
    let client = await desk.dial("accessToken=\(jwt)&echo=false")
    _ = await client.frames()
    var serial = 0
    func publish() async -> Int? {
      await client.publish(["data": "x"], to: "a", serial: serial)
      serial += 1
      return await client.frames().last.map { $0.action == .ack ? 0 : $0.error?.code.rawValue ?? -1 }
    }
    #expect(await [publish(), publish(), publish()] == [0, 0, 42911])
    _ = await client.attach("a")
    #expect(await publish() == 42911)
    await client.send(["action": 12, "channel": "a"])
    _ = await client.attach("a")
    #expect(await publish() == 42911)
    desk.clock.advance(by: 1000)
    #expect(await [publish(), publish(), publish()] == [0, 0, 42911])
    await client.publish(["data": "x"], to: "b", serial: serial)
    #expect(await client.frames().map(\.action) == [.ack])
  }

  @Test(
    "RTP2b: a member has the id that the service gives it, and no privileged extras without the capability")
  func member() async throws {
    let client = try await desk.connect(try await token(["*": [.presence, .subscribe]], "eve"))
    _ = await client.attach("a")
    await client.change(2, ["id": "other:99999:0", "data": "x"], in: "a")
    let frames = await client.frames()
    #expect(
      frames.last?.presence.map(\.id) == ["\(client.id):0:0"]
        || frames.contains { $0.id == "\(client.id):0:0" })
    #expect(!frames.contains { $0.id?.hasPrefix("other") == true })
    await client.change(4, ["extras": ["privileged": [:]]], in: "a", serial: 1)
    #expect(await client.frames().last?.error?.code == .capabilityDenied)
  }

  @Test("RTC8a: members leave whose identity a new token takes away")
  func identityOfMembers() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    await client.change(2, ["clientId": "alice"], in: "a")
    await client.change(2, ["clientId": "carol"], in: "a", serial: 1)
    _ = await client.frames()
    let carol = try await desk.token(of: desk.root, TokenParams(clientId: "carol"))
    await client.send(["action": 17, "auth": ["accessToken": .string(carol.token)]])
    _ = await client.frames()
    let members = await desk.send("GET", "/channels/a/presence", headers: basic(desk.root)).body.array
    #expect(members?.map { $0["clientId"]?.string } == ["carol"])
  }

  @Test("RTP8: where a channel is full, members still update and leave, and make room")
  func fullChannel() async throws {
    var settings = RealtimeSettings()
    settings.maximumMembers = 2
    let (root, clock) = (desk.root, desk.clock)
    let core = try ServiceCore(
      keys: [root], clock: { clock.date }, random: Randomness.system, realtime: settings)
    let connection = await core.connect(ServiceRequest("GET", "/?v=6&key=\(root.key.revealed())"))
    let client = RealtimeDesk(desk: desk, connection: connection)
    _ = await client.frames()
    _ = await client.attach("a")
    func change(_ action: Int, _ name: String, _ serial: Int) async -> ProtocolAction? {
      await client.change(action, ["clientId": .string(name)], in: "a", serial: serial)
      return await client.frames().first { [.ack, .nack].contains($0.action) }?.action
    }
    #expect(await change(2, "one", 0) == .ack)
    #expect(await change(2, "two", 1) == .ack)
    #expect(await change(2, "three", 2) == .nack)
    #expect(await change(4, "two", 3) == .ack)
    #expect(await change(3, "two", 4) == .ack)
    #expect(await change(2, "three", 5) == .ack)
  }
}
