internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct AttachTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  @Test("RTL4m: ATTACHED grants the modes that the capability and the client's wish have in common")
  func modes() async throws {
    let reader = try await desk.token(of: desk.root, TokenParams(capability: ["a": [.subscribe]]))
    let all: ProtocolFlags = [.publish, .presence, .messageSubscribe, .presenceSubscribe]
    let cases: [(String, ProtocolFlags, ProtocolFlags)] = [
      ("key=\(desk.root.key.revealed())", [], all),
      ("key=\(desk.root.key.revealed())", [.publish], [.publish]),
      ("accessToken=\(reader.token)", [], [.messageSubscribe, .presenceSubscribe]),
      ("accessToken=\(reader.token)", [.publish, .messageSubscribe], [.messageSubscribe]),
    ]
    for (query, wanted, granted) in cases {
      let client = await desk.dial(query)
      _ = await client.frames()
      let frame = try #require(await client.attach("a", flags: wanted.rawValue).first)
      #expect(frame.action == .attached)
      #expect(frame.channel == "a")
      #expect(frame.flags == granted)
      #expect(frame.channelSerial?.isEmpty == false)
    }
  }

  @Test(
    "RTL4e: a channel that the capability does not cover is refused with ERROR 40160, and the connection stays",
    arguments: [("other", Int64(0), 40160), ("news", 1 << 17, 40160), (":x", 0, 40010), ("", 0, 40010)])
  func refused(channel: String, flags: Int64, code: Int) async throws {
    let client = try await desk.connect(desk.chat)
    let frames = await client.attach(channel, flags: flags)
    #expect(frames.map(\.action) == [.error])
    #expect(frames.first?.channel == channel)
    #expect(frames.first?.error?.code.rawValue == code)
    #expect(await client.attach("chat:lobby").map(\.action) == [.attached])
  }

  @Test(
    "RTL5d: DETACH is answered with DETACHED, also where nothing was attached, and nothing is delivered then")
  func detach() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    for _ in 0..<2 {
      await client.send(["action": 12, "channel": "a"])
      #expect(await client.frames().map(\.action) == [.detached])
    }
    _ = await desk.publish(["data": "x"], to: "a", as: basic(desk.root))
    #expect(await client.frames() == [])
    #expect(desk.core.realtime.perform { $0.rooms.count } == 0)
  }

  @Test("a channel answers by the name its client gave it, params included, and rewinds where asked")
  func rewind() async throws {
    for index in 0..<5 {
      _ = await desk.publish(["data": .string("\(index)")], to: "a", as: basic(desk.root))
    }
    let client = try await desk.connect()
    await client.send([
      "action": 10, "channel": "a", "params": ["rewind": "2", "delta": "vcdiff", "foo": "bar"],
    ])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.attached, .message])
    #expect(frames[0].flags.contains(.hasBacklog))
    #expect(frames[0].params == ["rewind": "2", "delta": "vcdiff"])
    #expect(frames[1].messages.map(\.data) == ["3", "4"])

    let other = try await desk.connect()
    #expect(await other.attach("[?x=1]a").map(\.channel) == ["[?x=1]a"])
    _ = await desk.publish(["data": "y"], to: "a", as: basic(desk.root))
    #expect(await other.frames().map(\.channel) == ["[?x=1]a"])
  }

  @Test(
    "RTL4j: rewind goes back from the moment of attaching, two minutes at most, however old the connection is",
    arguments: [
      ("100", ["minute", "seconds"]), ("1", ["seconds"]), ("30s", ["seconds"]),
      ("2m", ["minute", "seconds"]),
      ("90m", ["minute", "seconds"]), ("9223372036854775807m", ["minute", "seconds"]), ("0s", []), ("s", []),
    ] as [(String, [String])])
  func rewindFromNow(rewind: String, expected: [String]) async throws {
    let token = try await desk.token(of: desk.root, TokenParams(capability: ["a": [.subscribe]]))
    let client = try await desk.connect(token)
    for (time, data) in [(0, "first"), (479_999, "earlier"), (540_000, "minute"), (590_000, "seconds")] {
      desk.advance(to: Int64(time))
      _ = await desk.publish(["data": .string(data)], to: "a", as: basic(desk.root))
    }
    desk.advance(to: 600_000)
    _ = await client.outputs()
    await client.send(["action": 10, "channel": "a", "params": ["rewind": .string(rewind)]])
    let told = await client.frames().flatMap(\.messages).map(\.data)
    #expect(told == expected.map { .string($0) })
  }

  @Test("GET /channels/{name} counts who is there")
  func occupancy() async throws {
    let publisher = try await desk.connect()
    _ = await publisher.attach("a", flags: ProtocolFlags.publish.rawValue)
    let member = try await desk.connect(nil, "clientId=bob")
    _ = await member.attach("a")
    await member.change(2, in: "a")
    let body = await desk.send("GET", "/channels/a", headers: basic(desk.root)).body
    let metrics = body["status"]?["occupancy"]?["metrics"]
    let expected: [String: JSONValue] = [
      "connections": 2, "publishers": 2, "subscribers": 1, "presenceConnections": 1, "presenceMembers": 1,
      "presenceSubscribers": 1, "objectPublishers": 0, "objectSubscribers": 0,
    ]
    #expect(metrics == .object(expected))
  }
}
