#if Postgres
  internal import AblyService
  internal import AblyTesting
  internal import AblyTokens
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("The log in PostgreSQL", OwnPostgres.needed, .endsAtLast)
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
        #expect(try await count { _ = try await log.bury(at: 0) } == 1)
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

    @Test("a node that starts reads the latest messages, no more than their number and their bytes allow")
    func largeTail() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let log = store.sharedLog
        let start = try await log.begin(by: "node", at: 0).position
        // 75 MB.
        try await fill(store, count: 1200, bytes: 65_536)
        var beginning = try await log.begin(by: "node", at: 0)
        #expect((900..<1024).contains(beginning.tail.count))
        #expect(beginning.tail.reduce(0) { $0 + $1.payload.utf8.count } <= LogBeginning.maximumTailBytes)
        expectWhole(beginning, from: beginning.tail[0].position.sequence)
        let page = try await store.pool.run { try LogPage($0, after: start) }
        #expect(page.events.map(\.position.sequence) == (1...64).map { start.sequence + $0 })
        #expect(!page.isEnd)

        try await fill(store, count: LogBeginning.maximumTail + 5, bytes: 10)
        beginning = try await log.begin(by: "node", at: 0)
        expectWhole(beginning, from: start.sequence + 1206)
        #expect(beginning.tail.count == LogBeginning.maximumTail)
        await store.close()
      }
    }

    private func expectWhole(_ beginning: LogBeginning, from first: Int64) {
      #expect(beginning.before.sequence == first - 1)
      let sequences = beginning.tail.map(\.position.sequence)
      #expect(sequences == Array(first...beginning.position.sequence))
    }

    /// So many messages at once.
    private func fill(_ store: PostgresStore, count: Int, bytes: Int) async throws {
      _ = try await store.pool.run { connection in
        try connection.run(
          """
          WITH last AS (SELECT seq FROM log_state),
            next AS (UPDATE log_state SET seq = seq + $1::int,
              at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint RETURNING at)
          INSERT INTO events (seq, at, kind, app, channel, connection, head, payload)
            SELECT last.seq + n, next.at, 'm', '', '', '', '', repeat('x', $2::int)
            FROM last, next, generate_series(1, $1::int) n
          """, [String(count), String(bytes)])
      }
    }

    @Test("what follows is read page by page, and nothing is left out")
    func pages() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let log = store.sharedLog
        let start = try await log.begin(by: "node", at: 0).position
        try await fill(store, count: 3 * LogPage.maximumCount + 5, bytes: 65_536)
        let (events, heard) = AsyncStream.makeStream(of: [LogEvent].self)
        let follower = Task { try await log.follow(after: start) { heard.yield($0) } }
        var (sequences, pages): ([Int64], [Int]) = ([], [])
        for await some in events {
          sequences += some.map(\.position.sequence)
          pages.append(some.count)
          if sequences.count >= 3 * LogPage.maximumCount + 5 { break }
        }
        follower.cancel()
        _ = await follower.result
        #expect(sequences == (1...Int64(3 * LogPage.maximumCount + 5)).map { start.sequence + $0 })
        #expect(pages == [64, 64, 64, 5])
        await store.close()
      }
    }

    @Test("a node that had many connections is buried in portions, and others renew their leases meanwhile")
    func burial() async throws {
      try await OwnPostgres.use { postgres in
        let (store, other) = (
          try await PostgresStore(url: postgres.url, connections: 1),
          try await PostgresStore(url: postgres.url, connections: 1)
        )
        let log = store.sharedLog
        let start = try await log.begin(by: "node", at: 0)
        let lease = try await log.renew(by: "node", at: 0).lease
        try await addDeadNode(store)
        // Somebody buries, and has not come to an end: nobody waits for that.
        try await store.pool.run { connection in
          try connection.transaction {
            try connection.run("SELECT bury(500)")
            #expect(try self.leaseRenewed(by: "node", postgres) == lease)
          }
        }
        var portions = 1
        while try await log.bury(at: 0) {
          portions += 1
          #expect(try await other.sharedLog.renew(by: "node", at: 0).lease == lease)
          #expect(try await buried(store).expiring <= portions * PostgresLog.portion)
        }
        #expect((10...13).contains(portions))
        let result = try await buried(store)
        #expect(result.expiring == 5000 && result.members == 0 && result.nodes == 1)
        let events = try await store.pool.run { try LogPage($0, after: start.position).events }
        #expect(events.count == LogPage.maximumCount && events.allSatisfy { $0.note == "lapse" })

        // Two minutes later, with all that they had attached.
        _ = try await store.pool.run { try $0.run("UPDATE connections SET expires = now() - interval '1 s'") }
        portions = 1
        while try await log.bury(at: 0) { portions += 1 }
        #expect((20...24).contains(portions))
        #expect(try await buried(store).attachments == 0)
        #expect(try await buried(store).connections == 0)
        for store in [store, other] { await store.close() }
      }
    }

    @Test(
      "a node that was taken for dead has another lease, whatever it said before it renewed, and its connections"
    )
    func lease() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let log = store.sharedLog
        _ = try await log.begin(by: "node", at: 0)
        func renew() async throws -> String { try await log.renew(by: "node", at: 0).lease }
        func set(_ change: String) async throws {
          _ = try await store.pool.run { try $0.run("UPDATE \(change)") }
        }
        let first = try await renew()
        try await set("nodes SET expires = now() - interval '1 s'")
        #expect(try await renew() == first, "late, and nobody has noticed")
        try await set("nodes SET expires = now() - interval '1 s', dead = true")
        let second = try await renew()
        #expect(second != first, "others have begun to bury it")
        try await set("nodes SET expires = now() - interval '1 s', dead = true")
        while try await log.bury(at: 0) {}
        var opened = LogEntry(.opened)
        opened.connection = "c"
        _ = try await log.append([opened], by: "node", at: 0)
        let third = try await renew()
        #expect(third != second, "it has spoken before it renewed")
        #expect(try await renew() == third)
        try await set("connections SET expires = now() + interval '60 s'")
        _ = try await log.append([opened], by: "node", at: 0)
        let waiting = try await store.pool.run { connection in
          try connection.run("SELECT 1 FROM connections WHERE expires IS NOT NULL").rows.count
        }
        #expect(waiting == 0)
        await store.close()
      }
    }

    /// By a connection of its own.
    private func leaseRenewed(by node: String, _ postgres: OwnPostgres) throws -> String? {
      let settings = try PostgresSettings(url: Secret(postgres.url), schema: "ably_auth")
      return try PostgresConnection(settings).run("SELECT lease FROM renew_lease($1)", [node]).rows.first?[0]
    }

    /// A node that was found dead, with 5000 connections, each in two channels, and 600 members.
    private func addDeadNode(_ store: PostgresStore) async throws {
      let statements = [
        "INSERT INTO nodes (id, expires, dead) VALUES ('gone', now() - interval '1 s', true)",
        "INSERT INTO connections (id, node) SELECT 'c' || n, 'gone' FROM generate_series(1, 5000) n",
        """
        INSERT INTO attachments SELECT 'c' || n, decode(md5(room::text), 'hex'), 'a', 'c', '{}'
        FROM generate_series(1, 5000) n, generate_series(1, 2) room
        """,
        """
        INSERT INTO members SELECT decode(md5('1'), 'hex'), decode(md5(n::text), 'hex'), 'gone', 'c' || n, 'a', 'c',
          '', '', NULL, 0, 0 FROM generate_series(1, 600) n
        """,
      ]
      try await store.pool.run { connection in
        for statement in statements { try connection.run(statement) }
      }
    }

    private struct Burial {
      let expiring: Int
      let connections: Int
      let attachments: Int
      let members: Int
      let nodes: Int
    }

    private func buried(_ store: PostgresStore) async throws -> Burial {
      let row = try await store.pool.run { connection in
        try connection.run(
          """
          SELECT (SELECT count(*) FROM connections WHERE expires > now()), (SELECT count(*) FROM connections),
            (SELECT count(*) FROM attachments), (SELECT count(*) FROM members), (SELECT count(*) FROM nodes)
          """
        ).rows[0].map { $0.flatMap { Int($0) } ?? -1 }
      }
      return Burial(
        expiring: row[0], connections: row[1], attachments: row[2], members: row[3], nodes: row[4])
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
