#if Postgres
  internal import AblyTokens
  internal import Foundation
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("Nodes in processes of their own", .serialized)
  struct ClusterTests {
    func withNodes<Result>(
      _ count: Int, _ body: (OwnPostgres, [Node]) async throws -> Result
    ) async throws -> Result {
      try await OwnPostgres.use { postgres in
        let nodes = try await withThrowingTaskGroup(of: Node.self) { tasks in
          for _ in 0..<count { tasks.addTask { try await Node.start(postgres) } }
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

    @Test("a token that one node revokes is soon refused by the others")
    func revocation() async throws {
      try await withNodes(3) { _, nodes in
        for number in 0..<20 {
          let clientId = "client\(number)"
          let token = try await token(nodes[number % 3], clientId: clientId)
          #expect(try await nodes[0].revoke(clientId: clientId).status == 201)
          #expect(try await nodes[0].use(token).code == 40141)
          for node in nodes { try await awaitRefusal(of: token, on: node) }
        }
      }
    }

    @Test("when the connections that listen are cut, nothing revoked is accepted for long")
    func cutListener() async throws {
      try await withNodes(2) { postgres, nodes in
        let database = try await PostgresStore(url: postgres.url, connections: 1)
        for number in 0..<5 {
          let token = try await token(nodes[1], clientId: "client\(number)")
          try await cut(database)
          // The node that revokes may have lost its connections too, and says so rather than guess.
          while try await nodes[0].revoke(clientId: "client\(number)").status != 201 {}
          try await awaitRefusal(of: token, on: nodes[1])
        }
        await database.close()
      }
    }

    @Test("a node is killed under load: the others go on, and what it acknowledged holds there")
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

    @Test("PostgreSQL loses its power under load: service resumes by itself, and nothing is accepted twice")
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
        for node in nodes { while try await node.exchangeFresh().status != 201 {} }
        for request in acknowledged {
          for node in nodes { #expect(try await node.exchange(request).code == 40105) }
        }
      }
    }

    @Test("nodes are replaced one after the other, and no renewal fails")
    func rollingRestart() async throws {
      try await OwnPostgres.use { postgres in
        var nodes = [try await Node.start(postgres), try await Node.start(postgres)]
        for turn in 0..<4 {
          let other = nodes[(turn + 1) % 2]
          let leaving = nodes[turn % 2]
          async let stopped: Void = leaving.stop()
          for _ in 0..<20 { #expect(try await other.exchangeFresh().status == 201) }
          await stopped
          nodes[turn % 2] = try await Node.start(postgres)
          #expect(try await nodes[turn % 2].exchangeFresh().status == 201)
        }
        for node in nodes { await node.stop() }
      }
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
