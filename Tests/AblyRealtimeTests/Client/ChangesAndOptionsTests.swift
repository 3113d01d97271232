internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import TestSupport
internal import Testing

@Suite("What changes tell, and what options do", .endsAtLast)
struct ChangesAndOptionsTests {
  @Test("TA1, TA2, TA3, TA5, RTN4d, RTN25: a change of the connection")
  func connectionChange() async throws {
    try await Stage.run { stage in
      try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.tls, "expired"))))
      try await stage.connection.whenState(.disconnected)
      var changes = stage.changes.makeAsyncIterator()
      let first = await changes.next()
      #expect(first?.previous == .initialized)
      #expect(first?.current == .connecting)
      #expect(first?.event == .state(.connecting))
      #expect(first?.reason == nil)
      #expect(first?.retryIn == nil)
      let second = await changes.next()
      #expect(second?.previous == .connecting)
      #expect(second?.current == .disconnected)
      #expect(second?.reason?.code == .connectionFailed)
      #expect(second?.retryIn == .seconds(15))
      #expect(stage.connection.state == .disconnected)
      #expect(stage.connection.errorReason == second?.reason)
    }
  }

  @Test("TH1, TH2, TH3, TH4, TH5, TH6, RTL2a, RTL2b, RTL2g, RTL12, RTL23, RTL25: a change of a channel")
  func channelChange() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      #expect(channel.name == "a")
      var changes = channel.events.makeAsyncIterator()
      let attaching = Task { try await channel.attach() }
      _ = try await socket.next(10)
      #expect(channel.state == .attaching)
      socket.deliver(["action": 11, "channel": "a", "channelSerial": "s", "flags": 6])
      try await attaching.value
      #expect(try await channel.whenState(.attached) == nil)
      socket.deliver([
        "action": 11, "channel": "a", "channelSerial": "t", "flags": 0,
        "error": InMemoryRealtimeSocket.error(90003, 404),
      ])
      let first = await changes.next()
      #expect(first?.previous == .initialized)
      #expect(first?.event == .state(.attaching))
      let second = await changes.next()
      #expect(second?.current == .attached)
      #expect(second?.resumed == true)
      #expect(second?.hasBacklog == true)
      #expect(second?.reason == nil)
      let third = await changes.next()
      #expect(third?.event == .update)
      #expect(third?.previous == .attached)
      #expect(third?.current == .attached)
      #expect(third?.resumed == false)
      #expect(third?.reason?.code == .channelContinuityLost)
    }
  }

  @Test("TB1, TB2c, TB2d, TB4, TR3, RTS3b: what options of a channel ask for")
  func channelOptions() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      var options = RealtimeChannelOptions()
      options.params = ["rewind": "2"]
      options.modes = [.publish, .subscribe]
      options.attachOnSubscribe = false
      let channel = try stage.client.channels.get("a", options: options)
      _ = channel.subscribe()
      #expect(channel.state == .initialized)
      let attaching = Task { try await channel.attach() }
      let frame = try await socket.next(10)
      #expect(frame["params"] == ["rewind": "2"])
      let flags = try #require(frame["flags"]?.number?.int64)
      #expect(flags & (1 << 17) != 0)
      #expect(flags & (1 << 18) != 0)
      #expect(flags & (1 << 16) == 0)
      socket.deliver([
        "action": 11, "channel": "a", "flags": .number(JSONNumber(Int64(1 << 18))), "params": ["rewind": "1"],
      ])
      try await attaching.value
      #expect(channel.modes == [.subscribe])
      #expect(channel.params == ["rewind": "1"])
    }
  }

  @Test("RTL9, RTP11, RTP11c2, RTP11c3, RTP12, RTP13: who is present, all or some of them, and who was")
  func members() async throws {
    let http = StubHTTP { _ throws(HTTPFailure) in .json([["clientId": "old", "action": 3]]) }
    try await Stage.run(http: http) { stage in
      let socket = try await stage.nextConnection()
      let presence = stage.client.channels.get("a").presence
      let waiting = Task { try await presence.get() }
      _ = try await socket.next(10)
      socket.deliver(["action": 11, "channel": "a", "channelSerial": "s", "flags": 1])
      #expect(!presence.syncComplete)
      let member = { (clientId: JSONValue, connection: String) -> JSONValue in
        [
          "action": 1, "clientId": clientId, "connectionId": .string(connection),
          "id": .string("\(connection):0:0"), "timestamp": 1_700_000_000_000,
        ]
      }
      socket.deliver([
        "action": 16, "channel": "a", "channelSerial": "sync:",
        "presence": [member("ada", "c1"), member("bob", "c2"), member("ada", "c3")],
      ])
      #expect(try await waiting.value.map(\.clientId) == ["ada", "bob", "ada"])
      #expect(presence.syncComplete)
      #expect(try await presence.get(clientId: "ada").map(\.connectionId) == ["c1", "c3"])
      #expect(try await presence.get(connectionId: "c2").map(\.clientId) == ["bob"])
      #expect(try await presence.history(limit: 1).items.map(\.clientId) == ["old"])
      #expect(http.requests.last?.path == "/channels/a/presence/history?limit=1")
    }
  }

  @Test("RTP11d: of a suspended channel the members are not known; what was known can be asked for")
  func suspendedMembers() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      let attach = Task { try await channel.attach() }
      _ = try await socket.next(10)
      stage.clock.advance(by: .seconds(10))
      await #expect(throws: ErrorInfo.self) { try await attach.value }
      #expect(channel.state == .suspended)
      let error = await #expect(throws: ErrorInfo.self) { try await channel.presence.get() }
      #expect(error?.code.rawValue == 91005)
      #expect(try await channel.presence.get(waitForSync: false).isEmpty)
    }
  }

  @Test("TO3g, RTL6c2: without a queue, what is published without a connection fails at once")
  func noQueue() async throws {
    try await Stage.run({ $0.queueMessages = false }) { stage in
      let socket = try await stage.nextSocket()
      await #expect(throws: ErrorInfo.self) {
        try await stage.client.channels.get("a").publish(name: "n", data: nil)
      }
      socket.connected()
      try await stage.connection.whenState(.connected)
      #expect(try socket.nextSentAlready() == nil)
    }
  }

  @Test("TO3l2, RTN14e, RTN14f: a suspended connection tries again after its own time, again and again")
  func suspended() async throws {
    try await Stage.run({ $0.suspendedRetryTimeout = .seconds(7) }) { stage in
      let change = try await stage.untilSuspended()
      #expect(change?.retryIn == .seconds(7))
      #expect(stage.connection.id == nil)
      #expect(stage.connection.key == nil)
      for _ in 0..<3 {
        stage.clock.advance(by: .seconds(7))
        try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.tls, ""))))
        #expect(stage.connection.state == .suspended)
      }
    }
  }
}
