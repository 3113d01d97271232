#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("How nodes on PostgreSQL hear each other", OwnPostgres.needed, .endsAtLast)
  struct FollowingTests {
    /// So long that nothing is found by looking.
    private static let never: Int32 = 3_600_000

    private func store(_ postgres: OwnPostgres, silence: Int32) async throws -> PostgresStore {
      try await PostgresStore(
        PostgresSettings(url: Secret(postgres.url), schema: "ably_auth", silence: silence), connections: 2)
    }

    private func revocation(_ number: Int) throws -> Revocation {
      Revocation(
        keyName: "a.k", target: try RevocationTarget("clientId:client\(number)"), issuedBefore: 1,
        appliesAt: 1)
    }

    /// Runs `body` with what a node hears of changes, without the beginning.
    private func hearing(
      _ store: PostgresStore, _ body: (inout AsyncStream<StoreChange>.Iterator) async throws -> Void
    ) async throws {
      let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
      let follower = Task { try await store.follow { heard.yield($0) } }
      var iterator = changes.makeAsyncIterator()
      guard case .contents = await iterator.next() else { throw Unexpected() }
      try await body(&iterator)
      follower.cancel()
      _ = await follower.result
    }

    private struct Unexpected: Error {}

    @Test("each revocation is notified, also one that comes while a node reads the one before")
    func notified() async throws {
      try await OwnPostgres.use { postgres in
        let here = try await store(postgres, silence: Self.never)
        let there = try await store(postgres, silence: Self.never)
        try await hearing(there) { changes in
          var sent = 0
          for count in 1...150 {
            // One, two or three, before the first of them is heard.
            let some = count % 3 + 1
            for number in sent..<sent + some { try await here.revoke([revocation(number)], at: 0) }
            for number in sent..<sent + some {
              guard case .revoked(let list) = await changes.next() else { throw Unexpected() }
              #expect(list.map(\.target.text) == ["clientId:client\(number)"])
            }
            sent += some
          }
        }
        for store in [here, there] { await store.close() }
      }
    }

    @Test(
      "a change whose notification is lost is found by looking, which a node does at least twice a second")
    func lostNotification() async throws {
      #expect(PostgresSettings.usualSilence <= 500)
      try await OwnPostgres.use { postgres in
        let there = try await store(postgres, silence: PostgresSettings.usualSilence)
        try await hearing(there) { changes in
          for number in 0..<3 {
            let payload = NotedChange.revoked([try revocation(number)]).payload.text
            _ = try await there.pool.run { connection in
              try connection.run("INSERT INTO changes (kind, payload) VALUES ('revoked', $1)", [payload])
            }
            guard case .revoked(let list) = await changes.next() else { throw Unexpected() }
            #expect(list.map(\.target.text) == ["clientId:client\(number)"])
          }
        }
        await there.close()
      }
    }

    @Test("what is revoked while a node hears nothing is heard once it hears again")
    func missed() async throws {
      try await OwnPostgres.use { postgres in
        let here = try await store(postgres, silence: Self.never)
        let there = try await store(postgres, silence: PostgresSettings.usualSilence)
        try await hearing(there) { changes in
          for number in 0..<3 {
            try await until(try await cutListener(here) > 0)
            while let change = await changes.next() { if case .lost = change { break } }
            try await here.revoke([revocation(number)], at: 0)
            let target = "clientId:client\(number)"
            var isHeard = false
            while !isHeard {
              switch await changes.next() {
              case .contents(let contents):
                isHeard = contents.revocations.contains { $0.target.text == target }
              case .revoked(let list): isHeard = list.contains { $0.target.text == target }
              case nil: throw Unexpected()
              default: continue
              }
            }
          }
        }
        for store in [here, there] { await store.close() }
      }
    }

    /// Cuts the connections by which nodes hear of changes, and says how many.
    private func cutListener(_ store: PostgresStore) async throws -> Int {
      try await store.pool.run { connection in
        try connection.run(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE query LIKE 'SELECT id, kind, payload FROM changes%' AND pid <> pg_backend_pid()
          """
        ).rows.count
      }
    }

    @Test("a node looks once in so long a silence, and not more often")
    func looks() async throws {
      try await OwnPostgres.use { postgres in
        let there = try await store(postgres, silence: Self.never)
        let here = try await store(postgres, silence: Self.never)
        try await hearing(there) { changes in
          let before = there.pool.statements
          for number in 0..<20 {
            try await here.revoke([revocation(number)], at: 0)
            guard case .revoked = await changes.next() else { throw Unexpected() }
          }
          #expect((20...21).contains(there.pool.statements - before), "one statement for each notification")
        }
        for store in [here, there] { await store.close() }
      }
    }

    @Test("what another node appends is notified, and where that is lost it is found by looking")
    func logs() async throws {
      try await OwnPostgres.use { postgres in
        for silence in [Self.never, PostgresSettings.usualSilence] {
          let store = try await store(postgres, silence: silence)
          let log = store.sharedLog
          let start = try await log.begin(by: "node", at: 0).position
          let (events, heard) = AsyncStream.makeStream(of: [LogEvent].self)
          let follower = Task { try await log.follow(after: start) { heard.yield($0) } }
          var iterator = events.makeAsyncIterator()
          for number in 1...50 {
            if silence == Self.never {
              _ = try await log.append([LogEntry(.demand)], by: "node", at: 0)
            } else {
              try await appendUnheard(store)
            }
            #expect(await iterator.next()?.map(\.position.sequence) == [start.sequence + Int64(number)])
            if silence != Self.never, number == 3 { break }
          }
          follower.cancel()
          _ = await follower.result
          await store.close()
        }
      }
    }

    /// Something in the log of which nobody is notified.
    private func appendUnheard(_ store: PostgresStore, kind: String = "d") async throws {
      _ = try await store.pool.run { connection in
        try connection.run(
          """
          WITH next AS (UPDATE log_state SET seq = seq + 1,
              at = greatest(at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) RETURNING seq, at)
          INSERT INTO events (seq, at, kind, app, channel, connection, head, payload)
            SELECT seq, at, $1, '', '', '', '', '{}' FROM next
          """, [kind])
      }
    }

    @Test("what a newer version wrote is passed over, however much of it there is")
    func unknownKinds() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await store(postgres, silence: PostgresSettings.usualSilence)
        let log = store.sharedLog
        let start = try await log.begin(by: "node", at: 0).position
        for _ in 0..<501 { try await appendUnheard(store, kind: "z") }
        _ = try await log.append([LogEntry(.demand)], by: "node", at: 0)
        let (events, heard) = AsyncStream.makeStream(of: [LogEvent].self)
        let follower = Task { try await log.follow(after: start) { heard.yield($0) } }
        var sequences: [Int64] = []
        for await some in events {
          sequences += some.map(\.position.sequence)
          if !sequences.isEmpty { break }
        }
        #expect(sequences == [start.sequence + 502])
        follower.cancel()
        _ = await follower.result
        await store.close()
      }
    }

    @Test("a node that was cut off until what it missed is gone ends, rather than leave something out")
    func gap() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await store(postgres, silence: PostgresSettings.usualSilence)
        let log = store.sharedLog
        let start = try await log.begin(by: "node", at: 0).position
        for _ in 0..<3 { _ = try await log.append([LogEntry(.demand)], by: "node", at: 0) }
        // As if its partition had been dropped.
        _ = try await store.pool.run { connection in
          try connection.run("DELETE FROM events WHERE seq = $1::bigint", [String(start.sequence + 1)])
        }
        let missed = await #expect(throws: ErrorInfo.self) { try await log.follow(after: start) { _ in } }
        #expect(missed?.message.contains("is not kept there any more") == true)
        #expect(missed?.remedy?.contains("Start the node again") == true)
        // A copy that was put back knows less than the node.
        let ahead = LogPosition(sequence: start.sequence + 100, time: start.time)
        let setBack = await #expect(throws: ErrorInfo.self) { try await log.follow(after: ahead) { _ in } }
        #expect(setBack?.message.contains("the database went back") == true)
        // The same while its connection holds.
        let end = try await log.begin(by: "node", at: 0).position
        let heard = Mutexed(0)
        let following = Task { () -> ErrorInfo? in
          do throws(ErrorInfo) {
            try await log.follow(after: end) { events in heard.withLock { $0 += events.count } }
            return nil
          } catch { return error }
        }
        _ = try await log.append([LogEntry(.demand)], by: "node", at: 0)
        try await until(heard.withLock(\.self) == 1)
        _ = try await store.pool.run { connection in
          try connection.run("DELETE FROM events WHERE seq > $1::bigint", [String(end.sequence)])
        }
        _ = try await store.pool.run { try $0.run("UPDATE log_state SET seq = seq - 1") }
        #expect(await following.value?.message.contains("the database went back") == true)
        await store.close()
      }
    }
  }
#endif
