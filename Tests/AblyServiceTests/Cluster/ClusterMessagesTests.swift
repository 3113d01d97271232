internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Nodes of one cluster: messages", .endsAtLast)
struct ClusterMessagesTests {
  @Test("what is published on any node arrives at all, in one order and with one serial")
  func order() async throws {
    try await ClusterDesk.use(3) { desk in
      var clients: [ClusterClient] = []
      for node in 0..<3 {
        let client = try await desk.connect(node)
        try await client.attach()
        clients.append(client)
      }
      await withTaskGroup(of: Void.self) { tasks in
        for node in 0..<3 {
          let client = clients[node]
          tasks.addTask {
            for number in 0..<20 {
              await client.publish(["data": .string("ws \(node) \(number)")], serial: number)
            }
          }
          tasks.addTask {
            for number in 0..<10 {
              let answer = await desk.publish(["data": .string("http \(node) \(number)")], on: node)
              #expect(answer.status == 201)
            }
          }
        }
      }
      var orders: [[String?]] = []
      for client in clients {
        let messages = try await client.messages(90)
        orders.append(messages.map(\.id))
        let serials = messages.compactMap(\.serial)
        #expect(serials == serials.sorted())
        #expect(Set(serials).count == 90)
        // Each publisher's own order is kept.
        for node in 0..<3 {
          let own = messages.filter { $0.connectionId == clients[node].id }.compactMap(\.data)
          #expect(own == (0..<20).map { .string("ws \(node) \($0)") })
        }
      }
      #expect(orders[0] == orders[1] && orders[1] == orders[2])
    }
  }

  @Test("RTL6: a publish is acknowledged with the serials that all nodes know it by")
  func acknowledged() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0), try await desk.connect(1))
      try await eve.attach()
      await bob.publish(["data": "x"], serial: 5)
      let ack = try await bob.next(.ack, .nack)
      #expect(ack.action == .ack)
      #expect(ack.msgSerial == 5)
      let message = try await eve.messages(1)[0]
      #expect(ack.results == [[message.serial]])
      #expect(message.connectionId == bob.id)
      let answer = await desk.publish([["data": "y"], ["data": "z"]], on: 1)
      let both = try await eve.messages(2)
      #expect(answer.body["serials"]?.array?.map(\.string) == both.map(\.serial))
    }
  }

  @Test("answers come in the order of the frames, also where a later frame is refused at once")
  func answers() async throws {
    try await ClusterDesk.use(1) { desk in
      let token = try await desk.token(TokenParams(capability: ["a": [.publish]]))
      let bob = try await desk.connect(0, token: token)
      for serial in 0..<10 {
        await bob.publish(["data": "x"], to: serial % 2 == 0 ? "a" : "other", serial: serial)
      }
      for serial in 0..<10 {
        let answer = try await bob.next(.ack, .nack)
        #expect(answer.msgSerial == Int64(serial))
        #expect(answer.action == (serial % 2 == 0 ? .ack : .nack))
      }
    }
  }

  @Test("while the log is away nothing is acknowledged, and nothing of it appears afterwards")
  func away() async throws {
    try await ClusterDesk.use(2) { desk in
      let (bob, eve) = (try await desk.connect(0), try await desk.connect(1))
      try await eve.attach()
      let log = try #require(desk.store.log as? MemoryLog)
      log.isAway = true
      await bob.publish(["data": "lost"], serial: 0)
      let nack = try await bob.next(.ack, .nack)
      #expect(nack.action == .nack)
      #expect(nack.error?.code.rawValue == 50004)
      #expect(await desk.publish(["data": "lost"], on: 1).refusal == Refusal(503, 50004))
      #expect(await desk.send("GET", "/channels/a/messages", on: 1).refusal == Refusal(503, 50004))
      log.isAway = false
      await bob.publish(["data": "kept"], serial: 1)
      #expect(try await bob.next(.ack, .nack).action == .ack)
      #expect(try await eve.messages(1).map(\.data) == ["kept"])
    }
  }

  @Test(
    "RSL2: a page ends before the log has to hand out more than 4 MiB, and the next one goes on there",
    arguments: ["forwards", "backwards"])
  func largePages(direction: String) async throws {
    try await ClusterDesk.use(1) { desk in
      // What JSON writes six times as long: the messages of all pages together would take one.
      let data = JSONValue.string(String(repeating: "\u{1}", count: 60_000))
      for number in 0..<15 {
        let message: JSONValue = ["name": .string("\(number)"), "data": data]
        #expect(await desk.publish(message, on: 0).status == 201)
      }
      var names: [[String]] = []
      var query: String? = "?limit=1000&direction=\(direction)"
      while let asked = query {
        let page = await desk.send("GET", "/channels/a/messages\(asked)", on: 0)
        names.append(page.body.array?.compactMap { $0["name"]?.string } ?? [])
        query = page.values(of: "link").first { $0.hasSuffix("; rel=\"next\"") }
          .map { String($0.dropFirst("<./messages".count).prefix { $0 != ">" }) }
      }
      #expect(names.count == 2)
      let all = (0..<15).map { "\($0)" }
      let expected: [String] = direction == "forwards" ? all : all.reversed()
      #expect(names.flatMap(\.self) == expected)
    }
  }

  @Test("RSL1k: a message of one id is published once, on whatever node it comes again")
  func idempotent() async throws {
    try await ClusterDesk.use(2) { desk in
      let eve = try await desk.connect(1)
      try await eve.attach()
      let first = await desk.publish(["id": "mine", "data": "x"], on: 0)
      let again = await desk.publish(["id": "mine", "data": "x"], on: 1)
      #expect(first.body["serials"] == again.body["serials"])
      // Some new, some not.
      let mixed = await desk.publish([["id": "next", "data": "y"], ["id": "mine", "data": "x"]], on: 1)
      #expect(mixed.body["serials"]?.array?.last == first.body["serials"]?.array?.first)
      _ = await desk.publish(["data": "end"], on: 0)
      #expect(try await eve.messages(3).map(\.data) == ["x", "y", "end"])
      // The same id of somebody else is another message.
      let bob = try await desk.token(TokenParams(clientId: "bob"))
      let client = try await desk.connect(0, token: bob)
      await client.publish(["id": "mine", "data": "bob's"], serial: 0)
      #expect(try await eve.messages(1).map(\.data) == ["bob's"])
    }
  }

  @Test("RTN19a: what is sent again after its node died is published once")
  func sentAgain() async throws {
    try await ClusterDesk.use(2) { desk in
      let eve = try await desk.connect(1)
      try await eve.attach()
      let bob = try await desk.connect(0)
      await bob.publish(["data": "x"], serial: 0)
      let first = try await bob.next(.ack)
      await desk.kill(0)
      let again = try await desk.connect(1, resuming: bob.key)
      #expect(again.id == bob.id)
      await again.publish(["data": "x"], serial: 0)
      #expect(try await again.next(.ack).results == first.results)
      await again.publish(["data": "y"], serial: 1)
      #expect(try await eve.messages(2).map(\.data) == ["x", "y"])
    }
  }

  @Test("whatever clients write arrives as it was, on another node too")
  func hostileTexts() async throws {
    try await ClusterDesk.use(2) { desk in
      let eve = try await desk.connect(1)
      try await eve.attach()
      for text in [
        "\u{0}", "a\u{0}b", "\"'; DROP TABLE events; --", "\\x00", "{\"a\":[1]}", "\u{2028}\n\r\t",
        "e\u{301}",
      ] {
        let message: JSONValue = [
          "id": .string(text), "name": .string(text), "data": .string(text),
          "clientId": .string("c-" + text.filter { $0 != "\n" && $0 != "\r\n" }),
          "extras": ["headers": [text: .string(text)]],
        ]
        #expect(await desk.publish(message, on: 0).status == 201)
        let heard = try await eve.messages(1)[0]
        #expect(heard.name?.utf8.elementsEqual(text.utf8) == true)
        #expect(heard.data == .string(text))
        #expect(heard.clientId == message["clientId"]?.string)
        #expect(heard.extras == message["extras"])
      }
    }
  }

  @Test("RSL2: history is the same on every node, page by page, and as one node alone gives it")
  func history() async throws {
    try await ClusterDesk.use(2) { desk in
      let alone = try ServiceCore(keys: [desk.root]) { [clock = desk.clock] in clock.date }
      for number in 0..<7 {
        desk.clock.advance(by: 10)
        let batch = JSONValue.array((0...number % 3).map { ["data": .string("\(number).\($0)")] })
        #expect(await desk.publish(batch, on: number % 2).status == 201)
        _ = await alone.respond(
          to: ServiceRequest(
            "POST", "/channels/a/messages", headers: basic(desk.root), body: batch.utf8,
            peer: ServiceRequest.Peer(isLoopback: true, isSecure: false)))
      }
      _ = await desk.publish(["data": "elsewhere"], to: "b", on: 0)
      let start = Desk.start + 20
      for query in [
        "limit=100", "limit=2", "limit=2&direction=forwards", "limit=1", "start=\(start)&limit=3",
        "end=\(start)&direction=forwards&limit=1", "limit=1000&direction=forwards",
      ] {
        let expected = await pages(query, alone, desk)
        #expect(expected.count >= 2)
        for node in desk.nodes { #expect(await pages(query, node, desk) == expected, "\(query)") }
      }
      let (one, two) = (
        await desk.send("GET", "/channels/a/messages", on: 0),
        await desk.send("GET", "/channels/a/messages", on: 1)
      )
      #expect(one.body == two.body)
    }
  }

  private func pages(_ query: String, _ core: ServiceCore, _ desk: ClusterDesk) async -> [String] {
    var (data, next): ([String], String?) = ([], query)
    while let query = next {
      let response = await core.respond(
        to: ServiceRequest("GET", "/channels/a/messages?\(query)", headers: basic(desk.root)))
      data += response.body.array?.compactMap { $0["data"]?.string } ?? ["refused"]
      next = response.values(of: "link").first { $0.contains("rel=\"next\"") }
        .flatMap { $0.split(separator: "?").last?.split(separator: ">").first.map(String.init) }
    }
    return data
  }

  @Test("RTN22: a demand for another token, and a revocation with a margin, reach connections of other nodes")
  func demands() async throws {
    try await ClusterDesk.use(2) { desk in
      let token = try await desk.token(TokenParams(clientId: "bob"), of: desk.revocable)
      let bob = try await desk.connect(1, token: token)
      desk.nodes[0].reauthenticate(clientId: "bob")
      #expect(try await bob.next(.auth, .disconnected).action == .auth)
      desk.clock.advance(by: 1)
      let answer = await desk.send(
        "POST", "/keys/\(desk.revocable.key.keyName)/revokeTokens",
        ["targets": ["clientId:bob"], "allowReauthMargin": true], as: desk.revocable, on: 0)
      #expect(answer.status == 201)
      #expect(try await bob.next(.auth, .disconnected).action == .auth)
      desk.clock.advance(by: 30_000)
      desk.nodes[1].carryOutWhatIsDue()
      #expect(try await bob.next(.disconnected).error?.code == .tokenRevoked)
    }
  }
}
