internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Nodes of one cluster: connections that move", .endsAtLast)
struct ClusterResumeTests {
  @Test("RTN15c6: a connection goes on at another node, with what was missed and with its members")
  func goesOn() async throws {
    try await ClusterDesk.use(3) { desk in
      let eve = try await desk.connect(2)
      try await eve.attach()
      let bob = try await desk.connect(0, "clientId=bob")
      try await bob.attach()
      await bob.change(2, serial: 0)
      #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
      #expect(await desk.publish(["data": "seen"], on: 1).status == 201)
      let serial = try #require(try await bob.next(.message).channelSerial)
      await desk.kill(0)
      for number in 0..<5 { _ = await desk.publish(["data": .string("\(number)")], on: 1 + number % 2) }
      _ = try await eve.messages(6)

      let again = try await desk.connect(2, "clientId=bob", resuming: bob.key)
      #expect(again.id == bob.id)
      #expect(again.error == nil)
      let attached = try await again.attach(serial: serial)
      #expect(attached.flags.contains(.resumed))
      #expect(try await again.messages(5).map(\.data) == (0..<5).map { .string("\($0)") })
      // The lease of its node runs out, and its members stay.
      desk.clock.advance(by: MemoryLogState.leaseTime)
      await desk.lookAfterNodes(2)
      let presence = await desk.send("GET", "/channels/a/presence", on: 2)
      #expect(presence.body.array?.compactMap { $0["clientId"]?.string } == ["bob"])
      await again.change(3, serial: 1)
      #expect(try await eve.next(.presence).presence.map(\.action) == [.leave])
    }
  }

  @Test("a clientId is refused with which a connection could not be taken up at another node: 40012")
  func longClientId() async throws {
    try await ClusterDesk.use(2) { desk in
      let longest = "clientId=\(String(repeating: "x", count: 2900))"
      let bob = try await desk.connect(0, longest)
      // What a node tells goes in its order: this comes after the beginning.
      _ = await desk.publish(["data": "x"], on: 0)
      let again = try await desk.connect(1, longest, resuming: bob.key)
      #expect(again.id == bob.id)
      let longer = "key=\(desk.root.key.revealed())&clientId=\(String(repeating: "x", count: 3100))"
      let answer = try await desk.dial(0, longer).next(.connected, .error)
      #expect(answer.action == .error)
      #expect(answer.error?.code == .invalidClientId)
    }
  }

  @Test("a connection that has moved is no longer where it was, and may come back")
  func moves() async throws {
    try await ClusterDesk.use(2) { desk in
      let first = try await desk.connect(0)
      // What a node tells goes in its order: this comes after the beginning.
      _ = await desk.publish(["data": "x"], on: 0)
      let second = try await desk.connect(1, resuming: first.key)
      #expect(second.id == first.id)
      await #expect(throws: ConnectionEnded.self) { try await first.next(.connected) }
      let third = try await desk.connect(0, resuming: second.key)
      #expect(third.id == first.id)
      await #expect(throws: ConnectionEnded.self) { try await second.next(.connected) }
      try await third.attach()
      _ = await desk.publish(["data": "x"], on: 1)
      #expect(try await third.messages(1).map(\.data) == ["x"])
    }
  }

  @Test("what a client had not attached, or not yet, is not sent to it: that is history")
  func notHistory() async throws {
    try await ClusterDesk.use(2) { desk in
      let token = try await desk.token(
        TokenParams(capability: ["*": [.subscribe, .publish]], clientId: "bob"))
      let bob = try await desk.connect(0, token: token)
      let other = try await bob.attach("other")
      let early = try #require(other.channelSerial)
      _ = await desk.publish(["data": "before"], on: 0)
      _ = try await bob.attach("later")
      _ = await desk.publish(["data": "between"], to: "later", on: 1)
      _ = try await bob.messages(1)
      await desk.kill(0)
      let again = try await desk.connect(1, token: token, resuming: bob.key)
      #expect(again.id == bob.id)
      for channel in ["a", "later"] {
        let attached = try await again.attach(channel, serial: early)
        #expect(!attached.flags.contains(.resumed))
        #expect(attached.error?.code == .channelContinuityLost)
      }
      #expect(try await again.attach("other", serial: early).flags.contains(.resumed))
      _ = await desk.publish(["data": "now"], on: 1)
      #expect(try await again.messages(1).map(\.data) == ["now"])
    }
  }

  @Test("RTN15c7: nobody moves a connection with a key that no node made, or one of another app")
  func forged() async throws {
    try await ClusterDesk.use(2) { desk in
      let bob = try await desk.connect(0)
      let key = bob.key
      let stranger = await desk.dial(
        1, "key=\(desk.stranger.key.revealed())&resume=\(PercentEncoding.component(key))")
      #expect(try await stranger.next(.connected).error?.code.rawValue == 80018)
      for forged in [
        "\(bob.id ?? "")!x", String(key.dropLast()), "\(bob.id ?? "")x\(key.drop { $0 != "!" })",
      ] {
        let client = try await desk.connect(1, resuming: forged)
        #expect(client.id != bob.id)
        #expect(client.error?.code.rawValue == 80018)
      }
      try await bob.attach()
      _ = await desk.publish(["data": "still here"], on: 1)
      #expect(try await bob.messages(1).count == 1)
    }
  }

  @Test("RTN15c5: nobody moves a connection with another identity, one that came by a later token included")
  func identity() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bobs, eves) = (
        try await desk.token(TokenParams(clientId: "bob")), try await desk.token(TokenParams(clientId: "eve"))
      )
      let bob = try await desk.connect(0)
      let early = bob.key
      await bob.send(["action": 17, "auth": ["accessToken": .string(bobs)]])
      bob.take(try await bob.next(.connected))
      #expect(bob.key != early)
      let thief = await desk.dial(1, "accessToken=\(eves)&resume=\(PercentEncoding.component(bob.key))")
      let refusal = try await thief.next(.error, .connected)
      #expect(refusal.action == .error)
      #expect(refusal.error?.code == .incompatibleCredentials)
      _ = await desk.publish(["data": "x"], on: 0)
      #expect(try await desk.connect(1, token: bobs, resuming: bob.key).id == bob.id)
    }
  }

  @Test("RTN15c7: a connection that is over is not taken up anywhere")
  func isOver() async throws {
    try await ClusterDesk.use(2) { desk in
      let bob = try await desk.connect(0)
      let eve = try await desk.connect(1)
      await bob.send(["action": 7])
      // What a node tells goes in its order: this comes after the end.
      _ = await desk.publish(["data": "x"], on: 0)
      let again = try await desk.connect(1, resuming: bob.key)
      #expect(again.id != bob.id)
      #expect(again.error?.code.rawValue == 80018)
      // The node dies, and nobody comes back for two minutes.
      let carol = try await desk.connect(0)
      try await carol.attach()
      _ = await desk.publish(["data": "y"], on: 0)
      await desk.kill(0)
      desk.clock.advance(by: MemoryLogState.leaseTime)
      await desk.lookAfterNodes(1)
      desk.clock.advance(by: MemoryLogState.connectionTime)
      await desk.lookAfterNodes(1)
      #expect(try await desk.connect(1, resuming: carol.key).error?.code.rawValue == 80018)
      #expect(eve.id != nil)
    }
  }

  @Test(
    "a node that was cut off until it was forgotten notes its connections again, but for those that moved")
  func comesBack() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0), try await desk.connect(0))
      let carol = try await desk.connect(1)
      for client in [bob, eve, carol] { try await client.attach() }
      // What a node tells goes in its order: this comes after all of it.
      _ = await desk.publish(["data": "x"], on: 0)
      desk.clock.advance(by: MemoryLogState.leaseTime)
      await desk.lookAfterNodes(1)
      #expect(try await desk.connect(1, resuming: eve.key).id == eve.id)
      desk.clock.advance(by: MemoryLogState.connectionTime)
      await desk.lookAfterNodes(1)
      // Carol's: eve has not attached again, and bob's connection is forgotten.
      #expect(await connections(desk, on: 1) == 1)

      try await until(await hasNoted(desk.nodes[0]))
      _ = await desk.publish(["data": "seen"], on: 0)
      #expect(await connections(desk, on: 1) == 2)
      let serial = try #require(try await bob.next(.message).channelSerial)
      await desk.kill(0)
      let again = try await desk.connect(1, resuming: bob.key)
      #expect(again.id == bob.id && again.error == nil)
      #expect(try await again.attach(serial: serial).flags.contains(.resumed))
    }
  }

  private func hasNoted(_ node: ServiceCore) async -> Bool {
    await node.renewLease()
    return node.realtime.perform { $0.sharing?.unnoted == nil }
  }

  private func connections(_ desk: ClusterDesk, on node: Int) async -> Int64? {
    let status = await desk.send("GET", "/channels/a", on: node).body["status"]
    return status?["occupancy"]?["metrics"]?["connections"]?.number?.int64
  }

  @Test("the connections of a node that is back are noted in portions, once it has heard what it missed")
  func portions() async throws {
    try await ClusterDesk.use(1) { desk in
      for _ in 0..<3 {
        let client = try await desk.connect(0)
        for channel in ["a", "b"] { try await client.attach(channel) }
      }
      var hub = desk.nodes[0].realtime.perform { $0 }
      _ = hub.takeEffects()
      let sequence = try #require(hub.sharing?.position.sequence)
      hub.comeBack(at: sequence + 1)
      hub.noteAgain()
      #expect(hub.takeEffects().isEmpty)
      hub.comeBack(at: sequence)
      hub.noteAgain(atMost: 4)
      #expect(hub.takeEffects().count == 6, "two connections, each with its channels")
      hub.noteAgain(atMost: 4)
      #expect(hub.takeEffects().count == 3)
      #expect(hub.sharing?.unnoted == nil)
      hub.comeBack(at: sequence)
      for id in hub.sessions.keys { hub.end(id, now: 0) }
      _ = hub.takeEffects()
      hub.noteAgain()
      #expect(hub.takeEffects().isEmpty, "what is over stays so")
    }
  }

  @Test("RTL2f: a channel whose attachment a node could not note before it died is attached without RESUMED")
  func unnoted() async throws {
    try await ClusterDesk.use(2) { desk in
      let bob = try await desk.connect(0, "clientId=bob")
      try await bob.attach("noted")
      await bob.publish(["data": "x"], to: "noted", serial: 0)
      // The log has all that went before.
      #expect(try await bob.next(.ack, .nack).action == .ack)
      desk.store.memoryLog.isAway = true
      let attached = try await bob.attach("a")
      #expect(attached.action == .attached)
      await desk.kill(0)
      desk.store.memoryLog.isAway = false
      let again = try await desk.connect(1, "clientId=bob", resuming: bob.key)
      #expect(again.id == bob.id && again.error == nil)
      #expect(try await again.attach("noted", serial: attached.channelSerial).flags.contains(.resumed))
      #expect(try await !again.attach("a", serial: attached.channelSerial).flags.contains(.resumed))
    }
  }
}
