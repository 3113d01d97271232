#if Postgres
  internal import AblyService
  internal import AblyTesting
  internal import AblyTokens
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("The log in PostgreSQL", OwnPostgres.needed)
  struct PostgresLogTests {
    @Test("does what every log does")
    func conforms() async throws {
      try await OwnPostgres.use { postgres in
        for check in LogConformance.checks {
          let store = try await PostgresStore(
            url: postgres.url, schema: postgres.freshSchema(), connections: 4)
          do { try await check.run(on: store.sharedLog) } catch { Issue.record("\(check.name): \(error)") }
          await store.close()
        }
      }
    }

    @Test("nodes that append at the same time: every number once, in the order in which all read them")
    func order() async throws {
      try await OwnPostgres.use { postgres in
        let stores = [
          try await PostgresStore(url: postgres.url, connections: 4),
          try await PostgresStore(url: postgres.url, connections: 4),
        ]
        let logs = stores.map(\.sharedLog)
        let start = try await logs[0].begin(by: "0", at: 0).position
        _ = try await logs[1].begin(by: "1", at: 0)
        let heard = Shared<[Int64]>([])
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: [Int64].self) { tasks in
          let follower = Task {
            try await logs[1].follow(after: start) { events in
              let all = heard.change { $0 += events.map(\.position.sequence) }
              if all.count >= 1600 { end.finish() }
            }
          }
          for number in 0..<16 {
            tasks.addTask {
              var sequences: [Int64] = []
              for _ in 0..<100 {
                let receipts = try await logs[number % 2].append(
                  [LogEntry(.demand)], by: "\(number % 2)", at: 0)
                sequences.append(Int64(receipts.count))
              }
              return sequences
            }
          }
          try await tasks.waitForAll()
          for await _ in ends {}
          follower.cancel()
          _ = await follower.result
        }
        #expect(heard.value == (1...1600).map { start.sequence + $0 })
        for store in stores { await store.close() }
      }
    }

    @Test("calls of the database for each operation")
    func calls() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let log = store.sharedLog
        _ = try await log.begin(by: "node", at: 0)
        func count(_ body: () async throws -> Void) async throws -> Int {
          let before = store.pool.statements
          try await body()
          return store.pool.statements - before
        }
        var opened = LogEntry(.opened)
        opened.connection = "c"
        let many = [opened] + (0..<199).map { _ in LogEntry(.demand) }
        #expect(try await count { _ = try await log.append(many, by: "node", at: 0) } == 1)
        #expect(try await count { _ = try await log.take("c", by: "other", at: 0) } == 1)
        #expect(try await count { _ = try await log.renew(by: "node", at: 0) } == 1)
        let query = LogQuery(
          room: String(repeating: "0", count: 32), kind: .message, isBackwards: true, limit: 10,
          times: 0...Int64.max, sequences: 0...Int64.max)
        #expect(try await count { _ = try await log.events(query) } == 1)
        let use = NonceUse(keyName: "a.b", timestamp: 1_700_000_000_000, nonce: "n")
        _ = try await store.admit(use, at: use.timestamp)
        #expect(try await count { _ = try await store.admit(use, at: use.timestamp) } <= 2)
        let revocations = try (0..<100).map { number in
          Revocation(
            keyName: "a.b", target: try RevocationTarget("clientId:\(number)"), issuedBefore: use.timestamp,
            appliesAt: use.timestamp)
        }
        #expect(try await count { try await store.revoke(revocations, at: use.timestamp) } == 1)
        await store.close()
      }
    }

    @Test("messages are dropped by whole partitions, and those of the next hour are there before it begins")
    func partitions() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        _ = try await store.sharedLog.begin(by: "node", at: 0)
        let hours = try await store.pool.run { connection in
          try connection.run(
            "CREATE TABLE events_5 PARTITION OF events FOR VALUES FROM (18000000) TO (21600000)")
          try connection.run("SELECT sweep_log($1::int)", ["24"])
          return try connection.run(
            """
            SELECT substring(relname from '[0-9]+$') FROM pg_class
            WHERE relname ~ '^events_[0-9]+$' AND relkind = 'r' ORDER BY relname
            """
          ).rows.compactMap { $0[0].flatMap { Int64($0) } }
        }
        #expect(hours.count == 2)
        #expect(hours.last == hours.first.map { $0 + 1 })
        await store.close()
      }
    }
  }
#endif
