#if Postgres
  internal import AblyTokens
  internal import AblyWire
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  /// What nodes in processes of their own tell each other.
  extension ClusterTests {
    @Test("what is published on any node arrives at all, in one order; history is the same everywhere")
    func messages() async throws {
      try await withNodes(3) { _, nodes in
        var clients: [NodeClient] = []
        for node in nodes {
          let client = try await NodeClient.connect(node)
          try await client.attach()
          clients.append(client)
        }
        let count = 100
        for serial in 0..<count {
          for (number, client) in clients.enumerated() {
            client.publish("\(number):\(serial)", serial: serial)
          }
        }
        var orders: [[String]] = []
        for client in clients {
          var received: [Message] = []
          while received.count < 3 * count { received += try await client.next(.message).messages }
          #expect(received.compactMap(\.serial) == received.compactMap(\.serial).sorted())
          orders.append(received.map(\.text))
        }
        #expect(orders[0] == orders[1] && orders[1] == orders[2])
        #expect(Set(orders[0]).count == 3 * count)
        for number in 0..<3 {
          let own = orders[0].filter { $0.hasPrefix("\(number):") }
          #expect(own == (0..<count).map { "\(number):\($0)" })
        }
        var pages: [JSONValue?] = []
        for node in nodes {
          pages.append(try await node.get("/channels/a/messages?limit=1000&direction=forwards").body)
        }
        #expect(pages[0]?.array?.compactMap { $0["data"]?.string } == orders[0])
        #expect(pages[0] == pages[1] && pages[1] == pages[2])
      }
    }

    @Test("whatever clients write arrives as it was, and stays so in history")
    func hostileTexts() async throws {
      try await withNodes(2) { _, nodes in
        let eve = try await NodeClient.connect(nodes[1])
        try await eve.attach()
        let texts = [
          "\u{0}", "a\u{0}b", "\"'; DROP TABLE events; --", "\\x00", "{\"a\":[1]}", "\u{2028}\n\t",
          "e\u{301}",
        ]
        for text in texts {
          let message: JSONValue = [
            "id": .string(text), "name": .string(text), "data": .string(text),
            "extras": ["headers": [text: .string(text)]],
          ]
          #expect(try await nodes[0].publish(message).status == 201)
          let heard = try await eve.next(.message).messages[0]
          #expect(heard.name?.utf8.elementsEqual(text.utf8) == true)
          #expect(heard.text.utf8.elementsEqual(text.utf8))
          #expect(heard.extras == message["extras"])
          // Not stored twice.
          #expect(try await nodes[1].publish(message).status == 201)
        }
        let page = try await nodes[1].get("/channels/a/messages?direction=forwards").body?.array
        #expect(page?.compactMap { $0["data"]?.string } == texts)
        // A member whose name holds a null is not the one whose name ends there.
        for (serial, name) in ["bob", "bob\u{0}"].enumerated() {
          eve.send([
            "action": 14, "channel": "a", "msgSerial": .number(JSONNumber(serial)),
            "presence": [["action": 2, "clientId": .string(name)]],
          ])
          #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
        }
      }
    }

    @Test("who is present on a node that is killed is soon gone on the others", OwnPostgres.long)
    func presence() async throws {
      try await withNodes(3) { _, nodes in
        let eve = try await NodeClient.connect(nodes[1])
        try await eve.attach()
        let bob = try await NodeClient.connect(nodes[0], clientId: "bob")
        try await bob.attach()
        bob.enter(serial: 0)
        #expect(try await eve.next(.presence).presence.map(\.action) == [.enter])
        nodes[0].endAtOnce()
        let left = try await eve.next(.presence)
        #expect(left.presence.map(\.action) == [.leave])
        #expect(left.presence.map(\.clientId) == ["bob"])
        for node in nodes[1...] {
          #expect(try await node.get("/channels/a/presence").body?.array?.isEmpty == true)
        }
      }
    }

    @Test(
      "RTN15c6: the client of a node that is killed goes on at another: no acknowledged publish is lost",
      OwnPostgres.long)
    func resume() async throws {
      try await withNodes(3) { postgres, nodes in
        let bob = try await NodeClient.connect(nodes[0], clientId: "bob")
        try await bob.attach()
        bob.enter(serial: 0)
        _ = try await bob.next(.ack)
        let publisher = try await NodeClient.connect(nodes[0])
        // On the node that dies, and on one that goes on.
        async let here = acknowledged(by: publisher)
        async let there = acknowledged(by: nodes[1], count: 300)
        var received: [Message] = []
        var serial: String?
        do {
          while true {
            let frame = try await bob.next(.message)
            received += frame.messages
            serial = frame.channelSerial
            if received.count > 100 { nodes[0].endAtOnce() }
          }
        } catch is NodeClient.Ended {}
        let expected = Set(try await here + there)
        let again = try await NodeClient.connect(nodes[2], clientId: "bob", resuming: bob.key)
        #expect(again.id == bob.id)
        #expect(again.error == nil)
        let attached = try await again.attach(serial: serial)
        #expect(attached.flags.contains(.resumed))
        while !expected.isSubset(of: received.map(\.text)) {
          received += try await again.next(.message).messages
        }
        #expect(Set(received.map(\.text)).count == received.count, "nothing came twice")
        let presence = try await nodes[1].get("/channels/a/presence")
        #expect(presence.body?.array?.compactMap { $0["clientId"]?.string } == ["bob"])
        // Once the node counts as dead its members leave; this one is not its any more.
        try await awaitDeath(postgres, of: 1, of: 3)
        #expect(try await nodes[1].publish(["data": "after"]).status == 201)
        while try await again.next(.message).messages.last?.text != "after" {}
        let later = try await nodes[2].get("/channels/a/presence")
        #expect(later.body?.array?.compactMap { $0["clientId"]?.string } == ["bob"])
      }
    }

    /// Waits until so many nodes have been found dead.
    private func awaitDeath(_ postgres: OwnPostgres, of dead: Int, of all: Int) async throws {
      let database = try await PostgresStore(url: postgres.url, connections: 1)
      try await until(
        try await database.pool.run { try $0.run("SELECT id FROM nodes").rows.count } <= all - dead)
      await database.close()
    }

    @Test(
      "PostgreSQL loses its power under load: publishing resumes by itself, and what was acknowledged is there",
      OwnPostgres.long)
    func powerCutWhilePublishing() async throws {
      try await withNodes(2) { postgres, nodes in
        var clients: [NodeClient] = []
        for node in nodes {
          let client = try await NodeClient.connect(node)
          try await client.attach()
          clients.append(client)
        }
        let refusals = Shared(0)
        let acknowledged = try await withThrowingTaskGroup(of: [String].self) { tasks in
          for (number, node) in nodes.enumerated() {
            tasks.addTask {
              var texts: [String] = []
              // Until both have been refused, and for a while after it works again.
              var (rest, count) = (50, 0)
              while rest > 0 {
                count += 1
                let text = "\(number):\(count)"
                let answer = try await node.publish(["data": .string(text)])
                if answer.status == 201 {
                  texts.append(text)
                  if refusals.value > 0 { rest -= 1 }
                } else {
                  #expect(answer.status == 503)
                  refusals.change { $0 += 1 }
                }
              }
              return texts
            }
          }
          tasks.addTask {
            for _ in 0..<50 { _ = try await nodes[0].publish(["data": "load"], to: "other") }
            try await postgres.down()
            try await until(refusals.value > 0)
            try await postgres.up()
            return []
          }
          return try await tasks.reduce(into: []) { $0 += $1 }
        }
        try await until(try await nodes[0].publish(["data": "end"]).status == 201)
        var orders: [[String]] = []
        for client in clients {
          var received: [String] = []
          while received.last != "end" { received += try await client.next(.message).messages.map(\.text) }
          #expect(Set(acknowledged).isSubset(of: received))
          #expect(Set(received).count == received.count)
          orders.append(received)
        }
        #expect(orders[0] == orders[1])
      }
    }

    @Test("when the connections that listen are cut, no message is left out", OwnPostgres.long)
    func cutWhilePublishing() async throws {
      try await withNodes(2) { postgres, nodes in
        let client = try await NodeClient.connect(nodes[1])
        try await client.attach()
        let database = try await PostgresStore(url: postgres.url, connections: 1)
        var acknowledged: [String] = []
        for number in 0..<200 {
          if number % 40 == 20 { try await cut(database) }
          let answer = try await nodes[0].publish(["data": .string("\(number)")])
          if answer.status == 201 { acknowledged.append("\(number)") }
        }
        try await until(try await nodes[0].publish(["data": "end"]).status == 201)
        var received: [String] = []
        while received.last != "end" { received += try await client.next(.message).messages.map(\.text) }
        #expect(received.filter(Set(acknowledged).contains) == acknowledged)
        #expect(acknowledged.count > 100)
        await database.close()
      }
    }

    /// Publishes over HTTP, and says what was acknowledged.
    private func acknowledged(by node: Node, count: Int) async throws -> [String] {
      var texts: [String] = []
      for number in 0..<count {
        let text = "there:\(number)"
        if try await node.publish(["data": .string(text)]).status == 201 { texts.append(text) }
      }
      return texts
    }

    /// Publishes as fast as it is acknowledged until the socket is gone, and says what was acknowledged.
    private func acknowledged(by client: NodeClient) async throws -> [String] {
      var texts: [String] = []
      for number in 0... {
        client.publish("here:\(number)", serial: number)
        do {
          if try await client.next(.ack, .nack).action == .ack { texts.append("here:\(number)") }
        } catch is NodeClient.Ended { break }
      }
      return texts
    }
  }
#endif
