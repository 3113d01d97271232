internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// What a client sends at once is dealt with at once.
@Suite struct GroupingTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func publish(_ serial: Int, _ text: String = "x", to channel: String = "a") -> JSONValue {
    [
      "action": 15, "channel": .string(channel), "msgSerial": .number(JSONNumber(serial)),
      "messages": [["data": .string(text)]],
    ]
  }

  private func texts(_ frame: ProtocolMessage) -> [String?] { frame.messages.map(\.data?.string) }

  @Test(
    "TR4g, TR4s: publishes of one read have one ACK, with the serials of each, and then one frame for all")
  func together() async throws {
    let (client, other) = (try await desk.connect(), try await desk.connect(nil, "format=msgpack"))
    _ = await client.attach("a")
    _ = await other.attach("a")
    await client.send(together: [publish(0, "first"), publish(1, "second"), publish(2, "third")])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message])
    let (ack, message) = (try #require(frames.first), try #require(frames.last))
    #expect(ack.msgSerial == 0 && ack.count == 3)
    #expect(texts(message) == ["first", "second", "third"])
    #expect(ack.results == message.messages.map { [$0.serial] })
    #expect(message.channelSerial == message.messages.last?.serial)
    let received = await other.frames()
    #expect(received.map(texts) == [["first", "second", "third"]])
    #expect(received.first?.messages.map(\.id) == message.messages.map(\.id))
    #expect(Set(message.messages.map(\.id)).count == 3)
  }

  @Test("A publish that is refused stands between those before and after it")
  func refused() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    let wrong: JSONValue = ["action": 15, "channel": "a", "msgSerial": 2, "messages": [["name": 1]]]
    await client.send(together: [publish(0), publish(1), wrong, publish(3), publish(4)])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .nack, .ack, .message])
    #expect(frames.map(\.msgSerial) == [0, nil, 2, 3, nil])
    #expect(frames.map(\.count) == [2, nil, 1, 2, nil])
  }

  @Test("Publishes on several channels are confirmed together and delivered on each, in order")
  func channels() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    _ = await client.attach("b")
    await client.send(together: [
      publish(0, "1"), publish(1, "2", to: "b"), publish(2, "3", to: "b"), publish(3, "4"),
    ])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .message, .message])
    #expect(frames.first?.count == 4)
    #expect(frames.dropFirst().map(\.channel) == ["a", "b", "a"])
    #expect(frames.dropFirst().map(texts) == [["1"], ["2", "3"], ["4"]])
  }

  @Test("What was published before the channel was attached is not delivered behind it")
  func attach() async throws {
    let client = try await desk.connect()
    await client.send(together: [publish(0, "before"), ["action": 10, "channel": "a"], publish(1, "behind")])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .attached, .message])
    #expect(frames.last.map(texts) == ["behind"])
    #expect(frames.first?.count == 2)
  }

  @Test("What was published before the channel was detached is delivered before it")
  func detach() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    await client.send(together: [publish(0, "before"), ["action": 12, "channel": "a"], publish(1, "behind")])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .detached])
    #expect(frames[1].messages.count == 1)
  }

  @Test("RTC8: what follows an AUTH waits until its token was checked")
  func auth() async throws {
    let client = try await desk.connect(try await desk.token(of: desk.root))
    _ = await client.attach("a")
    let token = try await desk.token(of: desk.root).token
    await client.send(together: [
      publish(0), ["action": 17, "auth": ["accessToken": .string(token)]], publish(1), publish(2),
    ])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .connected, .ack, .message])
    #expect(frames.map(\.count) == [1, nil, nil, 2, nil])
  }

  @Test("What is no frame ends the connection after those before it")
  func garbage() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    await client.connection.receive([
      client.connection.format.encode(publish(0)), Array("garbage".utf8),
      client.connection.format.encode(publish(1)),
    ])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .error])
    #expect(await desk.history("a").body.array?.count == 1)
  }

  @Test("Frames are not larger for it than clients read")
  func bounds() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    await client.send(together: (0..<120).map { publish($0) })
    #expect(await client.frames().map(\.messages.count) == [0, 50, 50, 20])
    let large = String(repeating: "x", count: 60_000)
    await client.send(together: (120..<140).map { publish($0, large) })
    let frames = await client.frames()
    #expect(frames.map(\.messages.count).reduce(0, +) == 20)
    #expect(frames.map(\.messages.count).max() == 8)
  }

  @Test("Where frames are looked at one by one, each has its own answer")
  func watched() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    desk.core.administration.enable()
    await client.send(together: [publish(0), publish(1)])
    #expect(await client.frames().map(\.action) == [.ack, .message, .ack, .message])
  }
}
