internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import TestSupport
internal import Testing

@Suite("Channels of a realtime client", .endsAtLast)
struct RealtimeChannelTests {
  @Test("RTS2, RTS3a, RTS4: channels are made by name, found again, and forgotten")
  func collection() async throws {
    try await Stage.run { stage in
      _ = try await stage.nextConnection()
      let channels = stage.client.channels
      #expect(!channels.exists("a"))
      #expect(channels.get("a").state == .initialized)
      #expect(channels["a"].name == "a")
      #expect(channels.exists("a"))
      #expect(channels.names == ["a"])
      let changes = channels["a"].events
      try await channels.release("a")
      #expect(channels.names.isEmpty)
      for await _ in changes {}
    }
  }

  @Test("RTS3c1: options that would attach again are refused by get")
  func getWithOptions() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      var options = RealtimeChannelOptions()
      options.params = ["rewind": "1"]
      let channel = try stage.client.channels.get("a", options: options)
      async let attached: Void = channel.attach()
      let frame = try await socket.attach()
      try await attached
      #expect(frame["params"] == ["rewind": "1"])
      _ = try stage.client.channels.get("a", options: options)
      #expect(try socket.nextSentAlready() == nil)
      options.params = ["rewind": "2"]
      let error = #expect(throws: ErrorInfo.self) { try stage.client.channels.get("a", options: options) }
      #expect(error?.code == .badRequest)
    }
  }

  @Test("RTL7a, RTL7b, RTL7g: subscribe attaches, and gives all messages or those of a name, in order")
  func subscribe() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      let (all, some) = (channel.subscribe(), channel.subscribe("x", "z"))
      try await socket.attach()
      for (index, name) in ["x", "y", "z"].enumerated() {
        socket.deliver([
          "action": 15, "channel": "a", "id": .string("m:\(index)"),
          "messages": [["name": .string(name), "data": "d"]],
        ])
      }
      #expect(try await all.prefix(3).reduce(into: []) { $0.append($1.name) } == ["x", "y", "z"])
      #expect(try await some.prefix(2).reduce(into: []) { $0.append($1.name) } == ["x", "z"])
    }
  }

  @Test("A reader that falls behind learns of it, after what it has")
  func overflow() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let slow = stage.client.channels.get("a").subscribe(limit: 2)
      try await socket.attach()
      for index in 0..<3 {
        socket.deliver([
          "action": 15, "channel": "a", "id": .string("m:\(index)"),
          "messages": [["name": .string("\(index)")]],
        ])
      }
      var names: [String?] = []
      let error = await #expect(throws: ErrorInfo.self) {
        for try await message in slow { names.append(message.name) }
      }
      #expect(names == ["0", "1"])
      #expect(error?.code == .operationCanceled)
    }
  }

  @Test("RTL6b, RTN7a, RTL6i: a publish is done when the service confirmed it, and fails as it says")
  func publish() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      async let done = channel.publish([Message(name: "n", data: "d"), Message(data: ["k": 1])])
      let frame = try await socket.next(15)
      #expect(frame["messages"]?.array?.count == 2)
      #expect(frame["messages"]?.array?.last?["encoding"] == "json")
      socket.deliver([
        "action": 1, "msgSerial": frame["msgSerial"] ?? .null, "count": 1,
        "res": [["serials": ["s1", .null]]],
      ])
      #expect(try await done.serials == ["s1", nil])
      async let refused = channel.publish(name: "n", data: nil)
      let second = try await socket.next(15)
      socket.deliver([
        "action": 2, "msgSerial": second["msgSerial"] ?? .null, "count": 1,
        "error": InMemoryRealtimeSocket.error(40160, 401),
      ])
      do {
        _ = try await refused
        Issue.record("it was refused")
      } catch {
        #expect((error as? ErrorInfo)?.code == .capabilityDenied)
      }
    }
  }

  @Test("RTL6g1, RTL6g2: a message without a client id, and one with the client's own, go out as they are")
  func identity() async throws {
    try await Stage.run({ $0.clientId = "ada" }) { stage in
      let socket = try await stage.nextConnection(clientId: "ada")
      let channel = stage.client.channels.get("a")
      for clientId in [nil, "ada"] {
        let call = Task { try await channel.publish(Message(name: "n", clientId: clientId)) }
        let frame = try await socket.next(15)
        #expect(frame["messages"]?.array?.first?["clientId"] == clientId.map(JSONValue.string))
        socket.deliver(["action": 1, "msgSerial": frame["msgSerial"] ?? .null, "count": 1])
        _ = try await call.value
      }
    }
  }

  @Test("RTL6g3: another client id than the client's own is refused here, with 40012; the connection goes on")
  func otherIdentity() async throws {
    try await Stage.run({ $0.clientId = "ada" }) { stage in
      let socket = try await stage.nextConnection(clientId: "ada")
      let channel = stage.client.channels.get("a")
      let error = await #expect(throws: ErrorInfo.self) {
        try await channel.publish(Message(name: "n", clientId: "eve"))
      }
      #expect(error?.code == .invalidClientId)
      #expect(try socket.nextSentAlready() == nil)
      #expect(stage.connection.state == .connected)
    }
  }

  @Test("RTL6g4: before the identity is known the message goes out, and the service decides")
  func unknownIdentity() async throws {
    try await Stage.run { stage in
      let channel = stage.client.channels.get("a")
      let call = Task { try await channel.publish(Message(name: "n", clientId: "eve")) }
      let socket = try await stage.nextConnection()
      let frame = try await socket.next(15)
      #expect(frame["messages"]?.array?.first?["clientId"] == "eve")
      socket.deliver([
        "action": 2, "msgSerial": 0, "count": 1, "error": InMemoryRealtimeSocket.error(40012, 400),
      ])
      let error = await #expect(throws: ErrorInfo.self) { try await call.value }
      #expect(error?.code == .invalidClientId)
      #expect(stage.connection.state == .connected)
    }
  }

  @Test("RTP8, RTP8c: presence is entered under the client's own identity, which does not travel")
  func enter() async throws {
    try await Stage.run({ $0.clientId = "ada" }) { stage in
      let socket = try await stage.nextConnection(clientId: "ada")
      let presence = stage.client.channels.get("a").presence
      let call = Task { try await presence.enter("here") }
      try await socket.attach()
      let frame = try await socket.next(14)
      let message = frame["presence"]?.array?.first
      #expect(message?["action"] == 2)
      #expect(message?["data"] == "here")
      #expect(message?["clientId"] == nil || message?["clientId"] == "ada")
      socket.deliver(["action": 1, "msgSerial": frame["msgSerial"] ?? .null, "count": 1])
      try await call.value
    }
  }

  @Test("RTL10b, RTL15c: untilAttach asks up to the attachment, and is an error where there is none")
  func untilAttach() async throws {
    let http = StubHTTP { _ throws(HTTPFailure) in .json([["name": "old"]]) }
    try await Stage.run(http: http) { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      let error = await #expect(throws: ErrorInfo.self) { try await channel.history(untilAttach: true) }
      #expect(error?.code == .invalidChannelState)
      async let attached: Void = channel.attach()
      try await socket.attach(serial: "serial-1")
      try await attached
      #expect(try await channel.history(limit: 5, untilAttach: true).items.map(\.name) == ["old"])
      #expect(http.requests.last?.path == "/channels/a/messages?limit=5&fromSerial=serial-1")
    }
  }

  @Test(
    "RTL4f, RTC7, TO3l7: attach fails when the service does not answer in its time, and is tried again later")
  func timeouts() async throws {
    try await Stage.run({ $0.realtimeRequestTimeout = .seconds(3) }) { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      let attach = Task { try await channel.attach() }
      _ = try await socket.next(10)
      stage.clock.advance(by: .seconds(3))
      let error = await #expect(throws: ErrorInfo.self) { try await attach.value }
      #expect(error?.code == .channelOperationTimedOut)
      #expect(channel.state == .suspended)
      stage.clock.advance(by: .seconds(14))
      #expect(try socket.nextSentAlready() == nil)
      // The service is there all the same.
      socket.deliver(["action": 0])
      stage.clock.advance(by: .seconds(1))
      _ = try await socket.next(10)
    }
  }
}
