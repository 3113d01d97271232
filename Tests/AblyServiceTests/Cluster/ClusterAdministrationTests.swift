internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Nodes of one cluster: what an administrator does, and who is there", .endsAtLast)
struct ClusterAdministrationTests {
  /// Asks the first node, which says how many of its own connections are meant.
  private func act(_ desk: ClusterDesk, _ action: JSONValue) async -> ServiceResponse {
    desk.nodes[0].enableAdministration()
    return await desk.send("POST", "/admin/actions", action, on: 0)
  }

  private func use(_ desk: ClusterDesk, _ token: String, on node: Int) async -> Int64? {
    await desk.nodes[node].respond(
      to: ServiceRequest("GET", "/channels/a/messages", headers: ["authorization": "Bearer \(token)"])
    ).body["error"]?["code"]?.number?.int64
  }

  @Test(
    "a token that is made to end is over on every node, whichever way it is named",
    arguments: ["clientId", "connectionId", "token"], ["expire_token", "revoke_token"])
  func ends(name: String, type: String) async throws {
    try await ClusterDesk.use(3) { desk in
      let token = try await desk.token(TokenParams(clientId: "bob"))
      let eve = try await desk.connect(1, "clientId=eve")
      let bobs = [try await desk.connect(1, token: token), try await desk.connect(2, token: token)]
      let value = ["clientId": "bob", "connectionId": bobs[0].id ?? "", "token": token][name] ?? ""
      let answer = await act(desk, ["type": .string(type), name: .string(value)])
      #expect(answer.status == 200)
      #expect(answer.body["count"] == (name == "token" ? 1 : 0), "nobody was connected there")
      let code: ErrorInfo.Code = type == "expire_token" ? .tokenExpired : .tokenRevoked
      for bob in bobs { #expect(try await bob.next(.disconnected).error?.code == code) }
      for node in 1..<3 { #expect(await use(desk, token, on: node) == Int64(code.rawValue)) }
      try await until(await use(desk, token, on: 0) == Int64(code.rawValue))
      // Whoever else is there goes on.
      try await eve.attach()
    }
  }

  @Test("RTN22: a client is asked for another token once, on the node that was asked and on another")
  func asksOnce() async throws {
    try await ClusterDesk.use(2) { desk in
      let bobs = [
        try await desk.connect(0, "clientId=bob"), try await desk.connect(1, "clientId=bob"),
      ]
      for bob in bobs { try await bob.attach() }
      #expect(await act(desk, ["type": "reauthenticate", "clientId": "bob"]).body["count"] == 1)
      #expect(await desk.publish(["data": "after"], on: 0).status == 201)
      for bob in bobs {
        #expect(try await bob.next(.auth, .message).action == .auth)
        #expect(try await bob.next(.auth, .message).action == .message)
      }
    }
  }

  @Test("a socket is closed on the node where it is, and the clock is wrong on the one that was asked alone")
  func faults() async throws {
    try await ClusterDesk.use(2) { desk in
      let bob = try await desk.connect(1, "clientId=bob")
      #expect(await act(desk, ["type": "close", "closeCode": 1000, "clientId": "bob"]).status == 200)
      await #expect(throws: ConnectionEnded.self) { try await bob.next(.message) }
      #expect(await act(desk, ["type": "skew_clock", "offsetMs": 60000]).status == 200)
      #expect(await desk.publish(["data": "after"], on: 0).status == 201)
      #expect(desk.nodes[0].now == desk.nodes[1].now + 60000)
    }
  }

  @Test("the text of a token that is made to end stands nowhere in the log")
  func secrecy() async throws {
    let command = try FaultCommand(json: ["type": "revoke_token", "token": "appOne.secret-token"])
    let logged = command.logged(by: "node")
    #expect(!logged.text.contains("secret-token"))
    let read = try FaultCommand(logged: logged)
    #expect(read.token == TokenMark(Secret("appOne.secret-token")))
  }

  @Test("CHM2: who is on a channel is counted over all nodes, and by what right")
  func occupancy() async throws {
    try await ClusterDesk.use(3) { desk in
      for node in 0..<3 {
        let client = try await desk.connect(node, "clientId=client\(node)")
        // PRESENCE and SUBSCRIBE on the last node, all modes on the others.
        await client.send([
          "action": 10, "channel": "a", "flags": .number(JSONNumber(node == 2 ? 1 << 16 | 1 << 18 : 0)),
        ])
        _ = try await client.next(.attached)
        await client.change(2, serial: 0)
        // What was to be told of it before is in the log by then.
        #expect(try await client.next(.ack, .nack).action == .ack)
      }
      // Each node has heard of all members once it has heard of this.
      for node in 0..<3 {
        let listener = try await desk.connect(node)
        try await listener.attach("b")
        #expect(await desk.publish(["data": "x"], to: "b", on: node).status == 201)
        _ = try await listener.next(.message)
        let metrics = await desk.send("GET", "/channels/a", on: node).body["status"]?["occupancy"]?["metrics"]
        #expect(metrics?["connections"] == 3)
        #expect(metrics?["presenceMembers"] == 3)
        #expect(metrics?["presenceConnections"] == 3)
        #expect(metrics?["subscribers"] == 3)
        #expect(metrics?["publishers"] == 2)
        #expect(metrics?["presenceSubscribers"] == 2)
      }
      await desk.kill(2)
      desk.clock.advance(by: MemoryLogState.leaseTime - 1)
      for node in 0..<2 { await desk.lookAfterNodes(node) }
      desk.clock.advance(by: 1)
      await desk.lookAfterNodes(0)
      let metrics = await desk.send("GET", "/channels/a", on: 0).body["status"]?["occupancy"]?["metrics"]
      #expect(metrics?["connections"] == 2, "those of a dead node are not there")
      desk.store.memoryLog.isAway = true
      #expect(await desk.send("GET", "/channels/a", on: 0).status == 503)
    }
  }
}
