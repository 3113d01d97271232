#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("What a node hears of its store", .endsAtLast)
  struct HearingTests {
    private let start = ContinuousClock.now
    private let told = Shared<[String]>([])

    private func hearing() -> Hearing {
      Hearing { [told] change in
        let text =
          switch change {
          case .contents: "contents"
          case .lost: "lost"
          case .removed(let app): app
          default: "other"
          }
        told.change { $0.append(text) }
      }
    }

    @Test("a database that does not answer for three seconds counts as away, once, until all is read anew")
    func silence() {
      let hearing = hearing()
      hearing.check(at: start + .seconds(100))
      hearing.begin(StoreContents(), at: start)
      #expect(hearing.tell([.removed(app: "a")], at: start + .seconds(2)))
      hearing.check(at: start + .seconds(2) + Hearing.patience)
      #expect(told.value == ["contents", "a"], "in time")
      hearing.check(at: start + .milliseconds(2001) + Hearing.patience)
      hearing.check(at: start + .seconds(100))
      #expect(!hearing.tell([.removed(app: "b")], at: start + .seconds(101)), "what it missed is not known")
      #expect(told.value == ["contents", "a", "lost"])
      hearing.begin(StoreContents(), at: start + .seconds(102))
      #expect(hearing.tell([.removed(app: "c")], at: start + .seconds(103)))
      hearing.lose()
      #expect(!hearing.tell([.removed(app: "d")], at: start + .seconds(103)))
      #expect(told.value == ["contents", "a", "lost", "contents", "c", "lost"])
    }

    @Test("a server that is frozen counts as away, and once it goes on all is read anew", OwnPostgres.needed)
    func frozen() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
        let follower = Task { try await store.follow { heard.yield($0) } }
        var iterator = changes.makeAsyncIterator()
        guard case .contents = await iterator.next() else { throw Unexpected() }
        var found: Int32?
        // On a machine with too much to do it may be given up, and be another one, before it is frozen.
        repeat {
          try Task.checkCancellation()
          found = try await listener(store)
        } while found.map { kill($0, SIGSTOP) } != 0
        let listener = try #require(found)
        guard case .lost = await iterator.next() else { throw Unexpected() }
        #expect(kill(listener, SIGCONT) == 0)
        var change = await iterator.next()
        while case .lost? = change { change = await iterator.next() }
        guard case .contents? = change else { throw Unexpected() }
        follower.cancel()
        _ = await follower.result
        await store.close()
      }
    }

    /// The process that serves the connection which listens, once it has been asked for changes.
    private func listener(_ store: PostgresStore) async throws -> Int32? {
      try await store.pool.run { connection in
        try connection.run(
          "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT id, kind, payload FROM changes%'"
        )
        .rows.first?[0].flatMap { Int32($0) }
      }
    }

    private struct Unexpected: Error {}
  }
#endif
