#if Postgres
  internal import AblyTokens
  internal import AblyWire
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("Nodes in processes of their own", .serialized, OwnPostgres.needed, .endsAtLast)
  struct ClusterTests {
    func withNodes<Result>(
      _ count: Int, _ arguments: String..., body: (OwnPostgres, [Node]) async throws -> Result
    ) async throws -> Result {
      try await OwnPostgres.use { postgres in
        let nodes = try await withThrowingTaskGroup(of: Node.self) { tasks in
          for _ in 0..<count { tasks.addTask { try await Node.start(postgres, arguments) } }
          return try await tasks.reduce(into: []) { $0.append($1) }
        }
        do {
          let result = try await body(postgres, nodes)
          for node in nodes { await node.stop() }
          return result
        } catch {
          for node in nodes { node.endAtOnce() }
          throw error
        }
      }
    }

    @Test("a request that arrives at three nodes at one instant is exchanged by one of them")
    func replay() async throws {
      try await withNodes(3) { _, nodes in
        for _ in 0..<100 {
          let request = try TokenRequest.fresh()
          let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for node in nodes { tasks.addTask { try await node.exchange(request).status } }
            return try await tasks.reduce(into: []) { $0.append($1) }
          }
          #expect(statuses.sorted() == [201, 401, 401])
          for node in nodes { #expect(try await node.exchange(request).code == 40105) }
        }
      }
    }

    @Test(
      "10 000 pairs of one request on two nodes at one instant: not one is exchanged twice", OwnPostgres.long)
    func pairs() async throws {
      try await withNodes(2) { _, nodes in
        try await withThrowingTaskGroup(of: [Int].self) { tasks in
          for number in 0..<10_000 {
            if number >= 16 { try await #expect(tasks.next() == [201, 401]) }
            tasks.addTask {
              let request = try TokenRequest.fresh()
              async let left = nodes[0].exchange(request).status
              async let right = nodes[1].exchange(request).status
              return try await [left, right].sorted()
            }
          }
          for try await statuses in tasks { #expect(statuses == [201, 401]) }
        }
      }
    }

    @Test("a client of one node is disconnected by a revocation on another, and refused on a third")
    func revocation() async throws {
      try await withNodes(3) { _, nodes in
        for number in 0..<20 {
          let clientId = "client\(number)"
          let (here, there, third) = (nodes[number % 3], nodes[(number + 1) % 3], nodes[(number + 2) % 3])
          let token = try await token(here, clientId: clientId)
          let client = try await NodeClient.connect(there, token: token)
          #expect(try await here.revoke(clientId: clientId).status == 201)
          #expect(try await here.use(token).code == 40141)
          let end = try await client.next(.disconnected, .error)
          #expect(end.error?.code == .tokenRevoked)
          try await awaitRefusal(of: token, on: third)
          #expect(try await there.use(token).code == 40141)
        }
      }
    }

    @Test("nodes whose clocks are a minute apart, and stay so: a request is exchanged by one of them")
    func clocks() async throws {
      try await withNodes(2, "--admin") { _, nodes in
        for (node, offset) in zip(nodes, [-30_000, 30_000] as [Int]) {
          let skewed = try await node.act(["type": "skew_clock", "offsetMs": .number(JSONNumber(offset))])
          #expect(skewed.status == 200)
        }
        // Within two minutes of either clock, of neither, and of one alone.
        for (age, statuses) in [
          (0, [201, 401]), (170, [401, 401]), (100, [201, 401]), (-100, [201, 401]),
        ] {
          let request = try TokenRequest.fresh(at: Date().addingTimeInterval(-Double(age)))
          async let left = nodes[0].exchange(request).status
          async let right = nodes[1].exchange(request).status
          #expect(try await [left, right].sorted() == statuses, "\(age) s old")
          for node in nodes { #expect(try await node.exchange(request).status == 401) }
        }
      }
    }

    @Test("when the connections that listen are cut, nothing revoked is accepted for long", OwnPostgres.long)
    func cutListener() async throws {
      try await withNodes(2) { postgres, nodes in
        let database = try await PostgresStore(url: postgres.url, connections: 1)
        for number in 0..<5 {
          let token = try await token(nodes[1], clientId: "client\(number)")
          try await cut(database)
          // The node that revokes may have lost its connections too, and says so rather than guess.
          try await until(try await nodes[0].revoke(clientId: "client\(number)").status == 201)
          try await awaitRefusal(of: token, on: nodes[1])
        }
        await database.close()
      }
    }

    @Test(
      "a node is killed under load: the others go on, and what it acknowledged holds there", OwnPostgres.long)
    func kill() async throws {
      try await withNodes(2) { _, nodes in
        let acknowledged = await exchangeUntilRefused(nodes[0]) { count in
          if count == 50 { nodes[0].endAtOnce() }
        }
        #expect(acknowledged.count >= 50)
        for request in acknowledged { #expect(try await nodes[1].exchange(request).code == 40105) }
        let answer = try await nodes[1].exchangeFresh()
        #expect(answer.status == 201)
      }
    }

    @Test(
      "PostgreSQL loses its power under load: service resumes by itself, and nothing is accepted twice",
      OwnPostgres.long)
    func powerCut() async throws {
      try await withNodes(2) { postgres, nodes in
        let acknowledged = try await withThrowingTaskGroup(of: [TokenRequest].self) { tasks in
          for node in nodes { tasks.addTask { await exchangeUntilRefused(node) { _ in } } }
          tasks.addTask {
            for _ in 0..<50 { _ = try await nodes[0].exchangeFresh() }
            try await postgres.down()
            return []
          }
          return try await tasks.reduce(into: []) { $0 += $1 }
        }
        #expect(try await nodes[0].exchangeFresh().status == 503)
        try await postgres.up()
        for node in nodes { try await until(try await node.exchangeFresh().status == 201) }
        for request in acknowledged {
          for node in nodes { #expect(try await node.exchange(request).code == 40105) }
        }
      }
    }

    @Test(
      "nodes are replaced one after the other: no renewal fails, and every client goes on", OwnPostgres.long)
    func rollingRestart() async throws {
      try await OwnPostgres.use { postgres in
        let rotation = Rotation([try await Node.start(postgres), try await Node.start(postgres)])
        let isDone = Shared(false)
        defer { for node in rotation.nodes { node.endAtOnce() } }
        try await withThrowingTaskGroup(of: Int.self) { tasks in
          for number in 0..<4 {
            tasks.addTask { try await renew("client\(number)", rotation, until: isDone) }
          }
          tasks.addTask {
            for _ in 0..<4 {
              try await rotation.takeOldest().stop()
              let next = try await Node.start(postgres)
              try await next.awaitReadiness()
              rotation.add(next)
            }
            isDone.change { $0 = true }
            return 1
          }
          for try await renewals in tasks { #expect(renewals > 0) }
        }
        for node in rotation.nodes { await node.stop() }
      }
    }

    /// Lives by one token after the other over one connection, which goes on elsewhere when its node ends.
    private func renew(
      _ clientId: String, _ rotation: Rotation, until isDone: Shared<Bool>
    ) async throws -> Int {
      var count = 0
      func token() async throws -> String {
        count += 1
        let request = try TokenRequest.fresh(clientId: clientId)
        let answer = try await rotation.lead { try await $0.exchange(request) }
        #expect(answer.status == 201)
        return try TokenDetails(json: answer.body ?? .null).token
      }
      // The node that it is led to may leave while it connects.
      func connect(resuming key: String? = nil) async throws -> NodeClient {
        while true {
          do {
            return try await NodeClient.connect(rotation.newest, token: token(), resuming: key)
          } catch is NodeClient.Ended {}
        }
      }
      var client = try await connect()
      let id = client.id
      while !isDone.value {
        do {
          client.send(["action": 17, "auth": ["accessToken": .string(try await token())]])
          #expect(try await client.next(.connected, .error, .disconnected).action == .connected)
        } catch is NodeClient.Ended {
          client = try await connect(resuming: client.key)
          #expect(client.id == id && client.error == nil)
        }
      }
      return count
    }

    /// Cuts the connections of all nodes, and so those that listen.
    func cut(_ database: PostgresStore) async throws {
      let statement = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'ably-auth' AND pid <> pg_backend_pid()
        """
      let count = try await database.pool.run { try $0.run(statement).rows.count }
      #expect(count > 0)
    }

    private func token(_ node: Node, clientId: String) async throws -> String {
      var answer = try await node.exchange(.fresh(clientId: clientId))
      // Its connections may just have been cut.
      while answer.status == 503 { answer = try await node.exchange(.fresh(clientId: clientId)) }
      let details = try TokenDetails(json: answer.body ?? .null)
      // One of the very millisecond of its revocation would go on.
      while let issued = details.issued, Date() <= issued.addingTimeInterval(0.001) { await Task.yield() }
      return details.token
    }

    /// The listener of a node may just be connecting, and until then a node does not know.
    private func awaitRefusal(of token: String, on node: Node) async throws {
      while true {
        let answer = try await node.use(token)
        if answer.code == 40141 { return }
        #expect(answer.status == 200 || answer.status == 503)
      }
    }

    private func exchangeUntilRefused(
      _ node: Node, _ afterEach: @escaping @Sendable (Int) -> Void
    ) async -> [TokenRequest] {
      await withTaskGroup(of: [TokenRequest].self) { tasks in
        for _ in 0..<8 {
          tasks.addTask {
            var acknowledged: [TokenRequest] = []
            while let request = try? TokenRequest.fresh(), let answer = try? await node.exchange(request),
              answer.status == 201
            {
              acknowledged.append(request)
              afterEach(acknowledged.count)
            }
            return acknowledged
          }
        }
        return await tasks.reduce(into: []) { $0 += $1 }
      }
    }
  }
#endif
