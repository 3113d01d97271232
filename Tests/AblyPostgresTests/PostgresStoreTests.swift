#if Postgres
  internal import AblyService
  internal import AblyTesting
  internal import AblyTokens
  internal import Dispatch
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("The store in PostgreSQL", OwnPostgres.needed, .endsAtLast)
  struct PostgresStoreTests {
    private static let now: Int64 = 1_700_000_000_000

    private func use(_ nonce: String, _ time: Int64 = now) -> NonceUse {
      NonceUse(keyName: "a.k", timestamp: time, nonce: nonce)
    }

    @Test("does what every store does")
    func conforms() async throws {
      try await OwnPostgres.use { postgres in
        for check in StoreConformance.checks(durable: true, shared: true) {
          let schema = postgres.freshSchema()
          do {
            try await check.run {
              try await PostgresStore(url: postgres.url, schema: schema, connections: 4)
            }
          } catch { Issue.record("\(check.name): \(error)") }
        }
      }
    }

    @Test("nodes that start together set the database up once; a newer version's is refused")
    func migrations() async throws {
      try await OwnPostgres.use { postgres in
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          for _ in 0..<6 {
            tasks.addTask {
              let store = try await PostgresStore(url: postgres.url, connections: 1)
              _ = try await store.admit(use("n"), at: Self.now)
              await store.close()
            }
          }
          try await tasks.waitForAll()
        }
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        #expect(try await store.admit(use("n"), at: Self.now) == .seen)
        _ = try await store.pool.run { try $0.run("INSERT INTO migrations (name) VALUES ('2099-01 more')") }
        await store.close()
        let refusal = await #expect(throws: ErrorInfo.self) { try await PostgresStore(url: postgres.url) }
        #expect(refusal?.message.contains("newer version") == true)
      }
    }

    @Test("a database of any earlier version is brought up to date, and keeps what it holds")
    func earlierVersions() async throws {
      try await OwnPostgres.use { postgres in
        let key = try ServiceKey(APIKey("a.k:secret"))
        for count in 1..<PostgresSchema.migrations.count {
          let schema = postgres.freshSchema()
          let earlier = try PostgresConnection(PostgresSettings(url: Secret(postgres.url), schema: schema))
          let migrations = Array(PostgresSchema.migrations.prefix(count))
          try PostgresSchema.migrate(earlier, schema: schema, migrations)
          try earlier.run(
            "INSERT INTO keys VALUES ($1, 'a', 'secret', $2, false, 'given')", ["a.k", key.capabilityText])
          let store = try await PostgresStore(url: postgres.url, schema: schema, connections: 1)
          #expect(try await store.key(named: "a.k")?.key.key.revealed() == "a.k:secret")
          let revocation = Revocation(
            keyName: "a.k", target: try RevocationTarget("clientId:bob"), issuedBefore: Self.now,
            appliesAt: Self.now)
          try await store.revoke([revocation], at: Self.now)
          #expect(try await store.contents(at: Self.now).revocations == [revocation])
          #expect(try await store.admit(use("n"), at: Self.now) == .fresh)
          #expect(throws: ErrorInfo.self) { try PostgresSchema.migrate(earlier, schema: schema, migrations) }
          await store.close()
        }
      }
    }

    @Test("10 000 pairs of equal uses on two nodes at one instant: not one is fresh twice", OwnPostgres.long)
    func pairs() async throws {
      try await OwnPostgres.use { postgres in
        let nodes = [
          try await PostgresStore(url: postgres.url, connections: 4),
          try await PostgresStore(url: postgres.url, connections: 4),
        ]
        let fresh = try await withThrowingTaskGroup(of: Int.self) { tasks in
          var fresh: [Int] = []
          for number in 0..<10_000 {
            if number >= 32, let one = try await tasks.next() { fresh.append(one) }
            tasks.addTask {
              let use = use("\(number)")
              async let left = nodes[0].admit(use, at: Self.now)
              async let right = nodes[1].admit(use, at: Self.now + 60_000)
              return try await [left, right].count { $0 == .fresh }
            }
          }
          for try await one in tasks { fresh.append(one) }
          return fresh
        }
        #expect(fresh.count == 10_000)
        #expect(fresh.allSatisfy { $0 == 1 })
        for node in nodes { await node.close() }
      }
    }

    @Test("an exchange is one round trip once its bucket is there")
    func oneStatement() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        _ = try await store.admit(use("first"), at: Self.now)
        let before = try await commits(store)
        for number in 0..<20 { #expect(try await store.admit(use("\(number)"), at: Self.now) == .fresh) }
        let after = try await commits(store)
        #expect((20...24).contains(after - before), "20 exchanges and what was asked to know it")
        await store.close()
      }
    }

    @Test("a caller that gives up takes nobody along: what it began comes to its end")
    func givenUp() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let verdict = await Task {
          withUnsafeCurrentTask { $0?.cancel() }
          return try await store.admit(use("n"), at: Self.now)
        }.result
        #expect(try verdict.get() == .fresh)
        #expect(try await store.admit(use("n"), at: Self.now) == .seen)
        await store.close()
      }
    }

    // What the server counted; its figures come late unless they are asked for.
    private func commits(_ store: PostgresStore) async throws -> Int {
      try await store.pool.run { connection in
        try connection.run("SELECT pg_stat_force_next_flush()")
        let text = try connection.run(
          "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).rows[0][0]
        return Int(text ?? "") ?? 0
      }
    }

    @Test("old nonces go by whole partitions, and stay used")
    func partitions() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        for hour: Int64 in 0..<6 {
          let now = Self.now + hour * 3_600_000
          #expect(try await store.admit(use("n", now), at: now) == .fresh)
        }
        let count = try await store.pool.run { connection in
          try connection.run(
            "SELECT relname FROM pg_class WHERE relname LIKE 'nonces\\__%' AND relkind = 'r'"
          )
          .rows.count
        }
        #expect((1...3).contains(count))
        #expect(try await store.admit(use("n"), at: Self.now) == .forgotten)
        await store.close()
      }
    }

    @Test("too many who wait are refused at once")
    func boundedWaiting() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1, waiting: 2)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          tasks.addTask { _ = try await store.pool.run { try $0.run("SELECT pg_sleep(1)") } }
          var refusals = 0
          while refusals == 0 {
            try Task.checkCancellation()
            let verdicts = await withTaskGroup(of: Bool.self) { callers in
              for number in 0..<8 {
                callers.addTask { (try? await store.admit(use("\(number)"), at: Self.now)) == nil }
              }
              return await callers.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            refusals += verdicts
          }
          #expect(refusals > 0)
          try await tasks.waitForAll()
        }
        await store.close()
      }
    }

    @Test("a back-up that is loaded over what is there does not make two rows of what is one")
    func oneRowEach() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        for table in ["horizon", "log_state"] {
          let refusal = await #expect(throws: ErrorInfo.self) {
            try await store.pool.run { try $0.run("INSERT INTO \(table) SELECT * FROM \(table)") }
          }
          #expect(refusal?.message.contains("23505") == true)
        }
        #expect(try await store.admit(use("n"), at: Self.now) == .fresh)
        await store.close()
      }
    }

    @Test("the renewal of a lease waits for one connection and for nobody who waits, however many do")
    func urgent() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1, waiting: 2)
        let (pool, log) = (store.pool, store.sharedLog)
        _ = try await log.begin(by: "node", at: 0)
        let hold = DispatchSemaphore(value: 0)
        let order = Shared<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          defer { hold.signal() }
          tasks.addTask {
            try await pool.run { _ in
              order.change { $0.append("held") }
              hold.wait()
            }
          }
          try await until(order.value == ["held"])
          for _ in 0..<2 {
            tasks.addTask { _ = try await pool.run { _ in order.change { $0.append("waiting") } } }
          }
          try await until(pool.waitingCount == 2)
          tasks.addTask { _ = try await log.renew(by: "node", at: 0) }
          tasks.addTask {
            _ = try await pool.run(isUrgent: true) { _ in order.change { $0.append("urgent") } }
          }
          try await until(pool.waitingCount == 4)
          hold.signal()
          try await tasks.waitForAll()
        }
        #expect(order.value == ["held", "urgent", "waiting", "waiting"])
        await store.close()
      }
    }

    @Test("what a store is made of does not show the password, however it is printed")
    func secrecy() async throws {
      let settings = try PostgresSettings(
        url: Secret("postgres://somebody:hunter22@127.0.0.1:9/none"), schema: "ably_auth")
      let pool = ConnectionPool(settings, maximumOpen: 1, maximumWaiting: 1)
      let values: [Any] = [settings, pool, PostgresLog(pool, schema: "ably_auth")]
      for value in values {
        var text = "\(value) \(String(reflecting: value)) "
        dump(value, to: &text)
        #expect(!text.contains("hunter22"))
      }
      await pool.close()
    }

    @Test("without a server it says so, and never the password")
    func noServer() async throws {
      let refusal = await #expect(throws: ErrorInfo.self) {
        try await PostgresStore(url: "postgres://somebody:hunter22@127.0.0.1:9/none")
      }
      #expect(refusal?.statusCode == 503)
      #expect(refusal.map { "\($0)" }?.contains("hunter22") == false)
      await #expect(throws: ErrorInfo.self) { try await PostgresStore(url: "", schema: "a; DROP") }
    }
  }
#endif
