internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct MessagingTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  @Test("RTL6j: a MESSAGE is acknowledged with its serials and delivered to all, its publisher included")
  func publish() async throws {
    let bob = try await desk.connect(nil, "clientId=bob")
    let eve = try await desk.connect(nil, "format=msgpack")
    _ = await bob.attach("chat:lobby")
    _ = await eve.attach("chat:lobby")
    await bob.publish(["name": "hi", "data": "there"], serial: 7)
    let frames = await bob.frames()
    #expect(frames.map(\.action) == [.ack, .message])
    #expect(frames[0].msgSerial == 7)
    #expect(frames[0].count == 1)
    let message = try #require(frames[1].messages.first)
    #expect(frames[0].results == [[message.serial]])
    #expect(message.name == "hi")
    #expect(message.data == "there")
    #expect(message.clientId == "bob")
    #expect(message.connectionId == bob.id)
    #expect(message.id == "\(bob.id):7:0")
    #expect(message.timestamp == desk.clock.date)
    #expect(frames[1].channelSerial == message.serial)
    let received = await eve.frames()
    #expect(received.map(\.action) == [.message])
    #expect(received.first?.messages == [message])
    let kept = await desk.history().body.array?.first
    #expect(kept?["connectionId"]?.string == bob.id)
    #expect(kept?["serial"]?.string == message.serial)
  }

  @Test("RTN2b: a client with echo=false is not sent what it publishes itself")
  func echo() async throws {
    let client = try await desk.connect(nil, "echo=false")
    _ = await client.attach("chat:lobby")
    await client.publish(["data": "x"])
    #expect(await client.frames().map(\.action) == [.ack])
    _ = await desk.publish(["data": "y"], as: basic(desk.root))
    #expect(await client.frames().flatMap(\.messages).map(\.data) == ["y"])
  }

  @Test("what is published over HTTP and by connections has one order, in history and for all who listen")
  func order() async throws {
    let listener = try await desk.connect()
    _ = await listener.attach("chat:lobby")
    let publisher = try await desk.connect()
    for index in 0..<20 {
      let message: JSONValue = ["data": .string("\(index)")]
      if index.isMultiple(of: 3) {
        _ = await desk.publish(message, as: basic(desk.root))
      } else {
        await publisher.publish(message, serial: index)
      }
    }
    let received = await listener.frames().flatMap(\.messages)
    #expect(received.map(\.data) == (0..<20).map { .string("\($0)") })
    let kept = await desk.history("chat:lobby", "?direction=forwards").body.array ?? []
    #expect(kept.map { $0["serial"]?.string } == received.map(\.serial))
  }

  @Test("RTL6c: what cannot be published is refused with a NACK that says why, and the connection stays")
  func refusals() async throws {
    let bob = try await desk.token(
      of: desk.root, TokenParams(capability: ["chat:*": [.publish, .subscribe]], clientId: "bob"))
    let client = try await desk.connect(bob)
    let cases: [(String, JSONValue, Int)] = [
      ("other", ["data": "x"], 40160), ("chat:a", ["clientId": "eve"], 40012), (":x", ["data": "x"], 40010),
      ("chat:a", ["name": 1], 40016), ("chat:a", ["extras": ["privileged": [:]]], 40160),
      ("chat:a", ["data": .string(String(repeating: "x", count: 65_537))], 40009),
      ("chat:a", ["clientId": "*"], 40012), ("chat:a", "text", 40000),
    ]
    for (index, (channel, message, code)) in cases.enumerated() {
      await client.publish(message, to: channel, serial: index)
      let frames = await client.frames()
      #expect(frames.map(\.action) == [.nack], "\(index)")
      #expect(frames.first?.msgSerial == Int64(index))
      #expect(frames.first?.error?.code.rawValue == code, "\(index)")
    }
    let anonymous = try await desk.connect(try await desk.token(of: desk.root))
    await anonymous.publish(["clientId": "bob"])
    #expect(await anonymous.frames().first?.error?.code == .invalidClientId)
    await anonymous.publish(["data": "x"], serial: 1)
    #expect(await anonymous.frames().map(\.action) == [.ack])
  }

  @Test("RTL6: a channel that was attached without the mode publish takes no messages")
  func mode() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a", flags: ProtocolFlags.messageSubscribe.rawValue)
    await client.publish(["data": "x"], to: "a")
    #expect(await client.frames().first?.error?.code == .channelModeNotRequested)
  }

  @Test("RTN19a2: a message that is sent again is acknowledged with its first serial and delivered once")
  func repeated() async throws {
    let client = try await desk.connect()
    _ = await client.attach("chat:lobby")
    await client.publish(["data": "x"], serial: 3)
    await client.publish(["data": "x"], serial: 3)
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.ack, .message, .ack])
    #expect(frames[0].results == frames[2].results)
  }

  @Test("RTL10b: history up to the attach ends where the channel was attached")
  func untilAttach() async throws {
    _ = await desk.publish(["data": "before"], as: basic(desk.root))
    let client = try await desk.connect()
    let serial = try #require(await client.attach("chat:lobby").first?.channelSerial)
    _ = await desk.publish(["data": "after"], as: basic(desk.root))
    let until = await desk.history("chat:lobby", "?fromSerial=\(PercentEncoding.component(serial))")
    #expect(until.body.array?.map { $0["data"]?.string } == ["before"])
    #expect(await desk.history().body.array?.count == 2)
  }

  @Test("apps do not hear each other")
  func apps() async throws {
    let stranger = try await desk.connect(desk.stranger)
    _ = await stranger.attach("chat:lobby")
    _ = await desk.publish(["data": "x"], as: basic(desk.root))
    #expect(await stranger.frames() == [])
  }
}

extension RealtimeDesk {
  /// The id of the connection; empty once its socket is gone.
  var id: String { desk.core.realtime.perform { $0.session(over: connection.transport)?.id ?? "" } }
}

extension MessagingTests {
  @Test("nobody writes for themselves what only a token can say about them")
  func forgedClaim() async throws {
    let client = try await Desk().connect()
    _ = await client.attach("a")
    await client.publish(["data": "x", "extras": ["userClaim": "admin", "headers": ["a": 1]]], to: "a")
    let message = await client.frames().flatMap(\.messages).first
    #expect(message?.extras == ["headers": ["a": 1]])
  }

  @Test("through one attachment no more goes out in a second than the token allows")
  func rate() {
    var allowance = PublishAllowance()
    let steps: [(Int, Int64, Int?)] = [
      (2, 1000, 3), (1, 1999, 3), (1, 1999, 3), (3, 2000, 3), (4, 3000, 3), (1000, 3000, nil),
    ]
    let verdicts = steps.map { count, now, rate in allowance.take(count, at: now, rate: rate) }
    #expect(verdicts == [true, true, false, true, false, true])
  }
}
