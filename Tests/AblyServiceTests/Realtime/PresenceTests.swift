internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct PresenceTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func member(_ clientId: String) async throws -> RealtimeDesk {
    let client = try await desk.connect(nil, "clientId=\(clientId)")
    _ = await client.attach("chat:lobby")
    return client
  }

  @Test("RTP8: who enters, updates and leaves is acknowledged, and all who listen are told")
  func changes() async throws {
    let bob = try await member("bob")
    let eve = try await member("eve")
    await bob.change(2, ["data": "one"], serial: 0)
    await bob.change(4, ["data": "two"], serial: 1)
    await bob.change(3, serial: 2)
    let own = await bob.frames()
    #expect(own.map(\.action) == [.presence, .ack, .presence, .ack, .presence, .ack])
    let told = await eve.frames()
    #expect(told.map(\.action) == [.presence, .presence, .presence])
    let members = told.flatMap(\.presence)
    #expect(members.map(\.action) == [.enter, .update, .leave])
    #expect(members.map(\.data) == ["one", "two", "two"])
    #expect(members.map(\.clientId) == ["bob", "bob", "bob"])
    #expect(members.map(\.connectionId) == [bob.id, bob.id, bob.id])
    #expect(members.map(\.id) == (0..<3).map { "\(bob.id):\($0):0" })
    #expect(members[0].timestamp == desk.clock.date)
  }

  @Test("RTP1, RTP18: who attaches later is told that somebody is there, and who")
  func sync() async throws {
    let bob = try await member("bob")
    await bob.change(2, ["data": "x"])
    let eve = try await desk.connect()
    let frames = await eve.attach("chat:lobby")
    #expect(frames.map(\.action) == [.attached, .sync])
    #expect(frames[0].flags.contains(.hasPresence))
    #expect(frames[1].presence.map(\.action) == [.present])
    #expect(frames[1].presence.map(\.memberKey) == ["\(bob.id):bob"])
    #expect(frames[1].presence.map(\.data) == ["x"])
    #expect(frames[1].channelSerial?.hasSuffix(":") == true)
  }

  @Test("RTP18a: many members come in several frames, of which only the last has no cursor")
  func pages() async throws {
    let bot = try await desk.connect()
    _ = await bot.attach("chat:lobby")
    for index in 0..<120 { await bot.change(2, ["clientId": .string("bot-\(index)")], serial: index) }
    _ = await bot.frames()
    let eve = try await desk.connect()
    let syncs = await eve.attach("chat:lobby").filter { $0.action == .sync }
    #expect(syncs.map(\.presence.count) == [50, 50, 20])
    let serials = syncs.compactMap(\.channelSerial).map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }
    #expect(Set(serials.map(\.first)).count == 1)
    #expect(serials.map { $0.last?.isEmpty } == [false, false, true])
    #expect(Set(syncs.flatMap(\.presence).compactMap(\.clientId)).count == 120)
  }

  @Test("RTP8j, RTP14: who has no identity, or another one, is refused")
  func identity() async throws {
    let anonymous = try await desk.connect(try await desk.token(of: desk.root))
    _ = await anonymous.attach("chat:lobby")
    let bob = try await member("bob")
    let key = try await desk.connect()
    _ = await key.attach("chat:lobby")
    let cases: [(RealtimeDesk, JSONValue, Int?)] = [
      (anonymous, [:], 91000), (anonymous, ["clientId": "bob"], 40012), (bob, ["clientId": "eve"], 40012),
      (bob, ["clientId": "bob"], nil), (key, [:], 91000), (key, ["clientId": "eve"], nil),
    ]
    for (index, (client, member, code)) in cases.enumerated() {
      await client.change(2, member, serial: index)
      let answer = await client.frames().first { [.ack, .nack].contains($0.action) }
      #expect(answer?.error?.code.rawValue == code, "\(index)")
    }
  }

  @Test("RTP8: without the capability, the mode or the channel nobody enters")
  func refusals() async throws {
    let reader = try await desk.connect(
      try await desk.token(
        of: desk.root, TokenParams(capability: ["chat:lobby": [.subscribe, .publish]], clientId: "bob")))
    await reader.change(2)
    #expect(await reader.frames().first?.error?.code == .presenceInWrongChannelState)
    _ = await reader.attach("chat:lobby")
    await reader.change(2)
    #expect(await reader.frames().first?.error?.code == .capabilityDenied)
    let bob = try await desk.connect(nil, "clientId=bob")
    _ = await bob.attach("chat:lobby", flags: ProtocolFlags.publish.rawValue)
    await bob.change(2)
    #expect(await bob.frames().first?.error?.code == .channelModeNotRequested)
    await bob.change(1)
    #expect(await bob.frames().first?.action == .nack)
  }

  @Test("a member leaves at once when its connection is closed or its channel detached or lost")
  func leaving() async throws {
    let listener = try await desk.connect()
    _ = await listener.attach("chat:lobby")
    let closing = try await member("a")
    let detaching = try await member("b")
    let losing = try await desk.connect(
      try await desk.token(of: desk.root, TokenParams(clientId: "c")))
    _ = await losing.attach("chat:lobby")
    for client in [closing, detaching, losing] { await client.change(2, ["data": "x"]) }
    _ = await listener.frames()
    await closing.send(["action": 7])
    await detaching.send(["action": 12, "channel": "chat:lobby"])
    let less = try await desk.token(
      of: desk.root, TokenParams(capability: ["other": [.all]], clientId: "c"))
    await losing.send(["action": 17, "auth": ["accessToken": .string(less.token)]])
    let members = await listener.frames().flatMap(\.presence)
    #expect(members.map(\.action) == [.leave, .leave, .leave])
    #expect(members.map(\.clientId) == ["a", "b", "c"])
    #expect(members.map(\.data) == ["x", "x", "x"])
  }

  @Test("a member whose socket is gone stays for the time in which its client may come back, and leaves then")
  func stateTTL() async throws {
    let listener = try await desk.connect()
    _ = await listener.attach("chat:lobby")
    let bob = try await member("bob")
    await bob.change(2)
    _ = await listener.frames()
    bob.connection.end()
    desk.advance(to: 119_999)
    #expect(await listener.frames().flatMap(\.presence) == [])
    desk.advance(to: 120_000)
    #expect(await listener.frames().flatMap(\.presence).map(\.action) == [.leave])
    #expect(desk.core.realtime.perform { $0.sessions.count } == 1)
  }

  @Test("a client may say how long its members stay without it")
  func remainPresentFor() async throws {
    let listener = try await desk.connect()
    _ = await listener.attach("chat:lobby")
    let bob = try await desk.connect(nil, "clientId=bob&remainPresentFor=1000")
    _ = await bob.attach("chat:lobby")
    await bob.change(2)
    _ = await listener.frames()
    bob.connection.end()
    desk.advance(to: 999)
    #expect(await listener.frames() == [])
    desk.advance(to: 1000)
    #expect(await listener.frames().flatMap(\.presence).map(\.action) == [.leave])
    #expect(desk.core.realtime.perform { $0.sessions.count } == 2)
  }

  @Test("RSP3, RSP4: the members and their history can be asked for over HTTP, by pages")
  func overHTTP() async throws {
    let bot = try await desk.connect()
    _ = await bot.attach("chat:lobby")
    for index in 0..<3 {
      await bot.change(2, ["clientId": .string("b\(index)"), "data": "x"], serial: index)
    }
    await bot.change(3, ["clientId": "b0"], serial: 3)
    let path = "/channels/chat:lobby/presence"
    let all = await desk.send("GET", path, headers: basic(desk.root)).body.array ?? []
    #expect(all.map { $0["clientId"]?.string } == ["b1", "b2"])
    #expect(all.map { $0["action"] } == [1, 1])
    let page = await desk.send("GET", "\(path)?limit=1", headers: basic(desk.root))
    #expect(page.body.array?.count == 1)
    let next = try #require(page.values(of: "link").last).dropFirst("<./presence".count).prefix { $0 != ">" }
    let second = await desk.send("GET", path + next, headers: basic(desk.root))
    #expect(second.body.array?.map { $0["clientId"]?.string } == ["b2"])
    #expect(second.values(of: "link").count == 1)
    let one = await desk.send("GET", "\(path)?clientId=b1", headers: basic(desk.root)).body.array
    #expect(one?.map { $0["clientId"]?.string } == ["b1"])
    let history = await desk.send("GET", "\(path)/history?direction=forwards", headers: basic(desk.root)).body
    #expect(history.array?.map { $0["action"] } == [2, 2, 2, 3])
  }

  @Test("RSP3: a page of members ends before it takes more than 4 MiB, and the next one goes on there")
  func largePages() async throws {
    let bot = try await desk.connect()
    _ = await bot.attach("chat:lobby")
    let data = JSONValue.string(String(repeating: "x", count: 62_000))
    for index in 0..<80 {
      await bot.change(2, ["clientId": .string("bot-\(index)"), "data": data], serial: index)
      _ = await bot.frames()
    }
    let path = "/channels/chat:lobby/presence"
    let first = await desk.send("GET", "\(path)?limit=1000", headers: basic(desk.root))
    #expect((1..<68).contains(first.body.array?.count ?? 0))
    let next = try #require(first.values(of: "link").last).dropFirst("<./presence".count).prefix { $0 != ">" }
    let second = await desk.send("GET", path + next, headers: basic(desk.root))
    #expect(second.values(of: "link").count == 1)
    let names = [first, second].flatMap { $0.body.array ?? [] }.compactMap { $0["clientId"]?.string }
    #expect(names.count == 80)
    #expect(Set(names).count == 80)
  }
}
