internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("Channels that are released", .endsAtLast)
struct ReleaseTests {
  /// What those who listened had in the end.
  private struct Heard: Sendable {
    var messages: [String?] = []
    var members: [String?] = []
    var states: [ChannelState] = []
  }

  private struct Listener: Sendable {
    let messages: ChannelSequence<Message>
    let members: ChannelSequence<PresenceMessage>
    let changes: StateChanges<ChannelStateChange>

    init(_ channel: RealtimeChannel) {
      changes = channel.events
      members = channel.presence.subscribe()
      messages = channel.subscribe()
    }

    func all() async throws -> Heard {
      var heard = Heard()
      for await change in changes { heard.states.append(change.current) }
      for try await message in messages { heard.messages.append(message.name) }
      for try await member in members { heard.members.append(member.clientId) }
      return heard
    }
  }

  private let transport = BusyTransport()
  private let client: RealtimeClient

  init() throws {
    var options = try ClientOptions(key: Stage.key)
    options.useBinaryProtocol = false
    options.logger = LogCapture().logger
    client = try RealtimeClient(options: options, transport: transport, httpTransport: StubHTTP())
  }

  private func deliver(_ name: String) {
    transport.deliver(["action": 15, "channel": "a", "messages": [["name": .string(name)]]])
    transport.deliver([
      "action": 14, "channel": "a", "presence": [["action": 2, "clientId": .string(name)]],
    ])
  }

  @Test(
    "RTS4a, RTL7: who listens while a release is carried out hears what comes then, and nothing from before")
  func meanwhile() async throws {
    let late = Mutexed<Listener?>(nil)
    let heard = try await client.running {
      try await client.connection.untilOpened(transport)
      let early = Listener(client.channels["a"])
      transport.deliver(["action": 11, "channel": "a"])
      transport.whileItSends.withLock {
        $0 = { [self] frame in
          guard let frame = try? JSONValue(parsing: frame.bytes), frame["action"] == 0 else { return }
          // All of this happens before anything of it is carried out.
          deliver("early")
          client.engine.handle(.channel("a", .release(client.engine.newTicket())))
          transport.deliver(["action": 13, "channel": "a"])
          late.withLock { $0 = Listener(client.channels["a"]) }
          transport.deliver(["action": 0, "id": frame["id"] ?? .null])
        }
      }
      try await client.connection.ping()
      transport.deliver(["action": 11, "channel": "a"])
      deliver("late")
      #expect(client.channels.exists("a"))
      #expect(client.channels["a"].state == .attached)
      client.close()
      transport.happen(.ended(.closed(code: nil)))
      return try await early.all()
    }
    #expect(heard.messages == ["early"])
    #expect(heard.members == ["early"])
    #expect(heard.states == [.attaching, .attached, .detaching, .detached])
    let then = try #require(try await late.withLock(\.self)?.all())
    #expect(then.messages == ["late"])
    #expect(then.members == ["late"])
    #expect(then.states == [.attaching, .attached, .detached])
  }

  @Test("RTS4a, RTS2: a channel that is asked for while its release is carried out is there")
  func asked() async throws {
    try await client.running {
      try await client.connection.untilOpened(transport)
      async let attached: Void = client.channels["a"].attach()
      try await client.channels["a"].whenState(.attaching)
      transport.deliver(["action": 11, "channel": "a"])
      try await attached
      transport.whileItSends.withLock {
        $0 = { [self] frame in
          guard let frame = try? JSONValue(parsing: frame.bytes), frame["action"] == 0 else { return }
          client.engine.handle(.channel("a", .release(client.engine.newTicket())))
          transport.deliver(["action": 13, "channel": "a"])
          #expect(!client.channels.exists("a"))
          _ = client.channels["a"]
          transport.deliver(["action": 0, "id": frame["id"] ?? .null])
        }
      }
      try await client.connection.ping()
      #expect(client.channels.exists("a"))
      client.close()
      transport.happen(.ended(.closed(code: nil)))
    }
  }
}

extension Connection {
  /// The service confirms the connection that is about to be opened.
  fileprivate func untilOpened(_ transport: BusyTransport) async throws {
    try await whenState(.connecting)
    try await until(transport.isOpen)
    transport.deliver(["action": 4, "connectionId": "one", "connectionDetails": ["connectionKey": "key"]])
    try await whenState(.connected)
  }
}
