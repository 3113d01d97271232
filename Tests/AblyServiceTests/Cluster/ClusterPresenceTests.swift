internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Nodes of one cluster: presence", .endsAtLast)
struct ClusterPresenceTests {
  private func members(_ desk: ClusterDesk, on node: Int) async -> [String] {
    await desk.send("GET", "/channels/a/presence", on: node).body.array?
      .compactMap { $0["clientId"]?.string } ?? []
  }

  @Test("RTP8: who enters, updates and leaves on one node is told on another, and with the last words")
  func changes() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0, "clientId=bob"), try await desk.connect(1))
      try await bob.attach()
      try await eve.attach()
      await bob.change(2, ["data": "one"], serial: 0)
      await bob.change(4, ["data": "two"], serial: 1)
      await bob.change(3, serial: 2)
      for serial in 0..<3 { #expect(try await bob.next(.ack, .nack).msgSerial == Int64(serial)) }
      var told: [PresenceMessage] = []
      for _ in 0..<3 { told += try await eve.next(.presence).presence }
      #expect(told.map(\.action) == [.enter, .update, .leave])
      #expect(told.map(\.data) == ["one", "two", "two"])
      #expect(told.map(\.connectionId) == [bob.id, bob.id, bob.id])
      #expect(told.map(\.id) == (0..<3).map { "\(bob.id ?? ""):\($0):0" })
      for node in 0..<2 {
        let history = await desk.send("GET", "/channels/a/presence/history", on: node)
        #expect(history.body.array?.compactMap { $0["data"]?.string } == ["two", "two", "one"])
      }
    }
  }

  @Test("RTP1, RTP18: a node that joins later knows who is there")
  func joins() async throws {
    try await ClusterDesk.use(2) { desk in
      let bob = try await desk.connect(0, "clientId=bob")
      try await bob.attach()
      await bob.change(2, ["data": "x"], serial: 0)
      _ = try await bob.next(.ack)
      let late = try await ServiceCore(store: desk.store, clock: { [clock = desk.clock] in clock.date })
      let client = ClusterClient(
        await late.connect(ServiceRequest("GET", "/?v=6&key=\(desk.root.key.revealed())")))
      _ = try await client.next(.connected)
      #expect(try await client.attach().flags.contains(.hasPresence))
      let sync = try await client.next(.sync)
      #expect(sync.presence.map(\.clientId) == ["bob"])
      #expect(sync.presence.map(\.data) == ["x"])
    }
  }

  @Test("no member outlives the lease of its node")
  func killed() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0, "clientId=bob"), try await desk.connect(1))
      try await bob.attach()
      try await eve.attach()
      await bob.change(2, serial: 0)
      #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
      await desk.kill(0)
      desk.clock.advance(by: MemoryLogState.leaseTime - 1)
      await desk.lookAfterNodes(1)
      #expect(await members(desk, on: 1) == ["bob"])
      desk.clock.advance(by: 1)
      await desk.lookAfterNodes(1)
      let left = try await eve.next(.presence)
      #expect(left.presence.map(\.action) == [.leave])
      #expect(left.presence.map(\.clientId) == ["bob"])
      // Not of the form of a member's own (RTP2b1).
      #expect(left.presence[0].id?.hasPrefix(bob.id ?? "") == false)
      #expect(await members(desk, on: 1) == [])
    }
  }

  @Test("a node that was taken for dead brings its members back")
  func lapsed() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0, "clientId=bob"), try await desk.connect(1))
      try await bob.attach()
      try await eve.attach()
      await bob.change(2, ["data": "x"], serial: 0)
      #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
      desk.clock.advance(by: MemoryLogState.leaseTime)
      await desk.lookAfterNodes(1)
      #expect(try await eve.next(.presence).presence.map(\.action) == [.leave])
      let back = try await eve.next(.presence).presence
      #expect(back.map(\.action) == [.enter])
      #expect(back.map(\.data) == ["x"])
      #expect(await members(desk, on: 1) == ["bob"])
    }
  }

  @Test(
    "who enters and at once closes, detaches or vanishes for too long is not left behind",
    arguments: ["close", "detach", "vanish"])
  func ghosts(way: String) async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0, "clientId=bob"), try await desk.connect(1))
      try await bob.attach()
      try await eve.attach()
      await bob.change(2, ["data": "x"], serial: 0)
      switch way {
      case "close": await bob.send(["action": 7])
      case "detach": await bob.send(["action": 12, "channel": "a"])
      default:
        bob.connection.end()
        desk.clock.advance(by: 120_000)
        desk.nodes[0].carryOutWhatIsDue()
      }
      #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
      let left = try await eve.next(.presence).presence
      #expect(left.map(\.action) == [.leave])
      #expect(left.map(\.data) == ["x"])
      #expect(await members(desk, on: 1) == [])
    }
  }
}
