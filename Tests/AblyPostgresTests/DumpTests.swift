#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  /// A back-up holds all tables from its beginning to its end, as long as that takes, against whoever would drop one.
  @Suite("While pg_dump runs", OwnPostgres.needed, .endsAtLast)
  struct DumpTests {
    private static let start: Int64 = 1_700_000_000_000
    private static let hour: Int64 = 3_600_000

    private func use(_ time: Int64) -> NonceUse { NonceUse(keyName: "a.k", timestamp: time, nonce: "n") }

    @Test("nonces are used and partitions made, and nobody waits for long; what is old goes after it")
    func exchanges() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 2)
        let log = store.sharedLog
        _ = try await log.begin(by: "node", at: 0)
        #expect(try await store.admit(use(Self.start), at: Self.start) == .fresh)
        try await prepare(store)
        let (dump, output) = try await beginDump(postgres, store)

        for hours: Int64 in 1...4 {
          let now = Self.start + hours * Self.hour
          #expect(try await store.admit(use(now), at: now) == .fresh)
          #expect(try await store.admit(use(now), at: now) == .seen)
        }
        let late = Self.start + 4 * Self.hour
        #expect(try await store.admit(use(Self.start), at: late) == .seen, "nothing is forgotten yet")
        #expect(try await partitions(of: "nonces", store).count == 5)
        try await sweep(store)
        #expect(try await partitions(of: "events", store).contains("events_5"))
        #expect(try await log.append([LogEntry(.demand)], by: "node", at: 0).count == 1)
        #expect(try await isDumping(store))

        dump.signal(SIGKILL)
        await dump.end()
        try output.fileHandleForReading.close()
        try await until(try await !isDumping(store))
        let later = Self.start + 5 * Self.hour
        #expect(try await store.admit(use(later), at: later) == .fresh)
        #expect(try await store.admit(use(Self.start), at: later) == .forgotten)
        #expect(try await partitions(of: "nonces", store).count <= 3)
        try await sweep(store)
        #expect(try await !partitions(of: "events", store).contains("events_5"))
        await store.close()
        // The server says so of whoever has waited for a second.
        let told = try String(contentsOf: URL(filePath: "\(postgres.directory)/log"), encoding: .utf8)
        #expect(!told.contains("still waiting for"))
      }
    }

    /// An old partition of the log, and more than a pipe holds, so that the dump stands still until it is read.
    private func prepare(_ store: PostgresStore) async throws {
      try await store.pool.run { connection in
        try connection.run("ALTER SYSTEM SET log_lock_waits = on")
        try connection.run("ALTER SYSTEM SET deadlock_timeout = '1s'")
        try connection.run("SELECT pg_reload_conf()")
        try connection.run(
          "CREATE TABLE events_5 PARTITION OF events FOR VALUES FROM (18000000) TO (21600000)")
        try connection.run(
          """
          INSERT INTO keys SELECT 'big.' || n, 'big', repeat('x', 1000), '{}', false, 'given'
          FROM generate_series(1, 5000) n
          """)
      }
    }

    private func beginDump(
      _ postgres: OwnPostgres, _ store: PostgresStore
    ) async throws -> (ChildProcess, Pipe) {
      let output = Pipe()
      let dump = try ChildProcess(
        try await OwnPostgres.program("pg_dump"), ["--schema=ably_auth", "--dbname=\(postgres.url)"],
        standardOutput: .pipe(output), standardError: .inherited)
      try await until(try await isDumping(store))
      return (dump, output)
    }

    /// Whether it holds the first partition of both.
    private func isDumping(_ store: PostgresStore) async throws -> Bool {
      try await store.pool.run { connection in
        try connection.run(
          """
          SELECT DISTINCT l.relation FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE a.application_name = 'pg_dump' AND l.mode = 'AccessShareLock' AND l.granted AND l.relation IN (
            'events_5'::regclass, (SELECT min(inhrelid) FROM pg_inherits WHERE inhparent = 'nonces'::regclass))
          """
        ).rows.count == 2
      }
    }

    private func partitions(of table: String, _ store: PostgresStore) async throws -> [String] {
      try await store.pool.run { connection in
        try connection.run(
          """
          SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = to_regclass($1)
          """, [table]
        ).rows.compactMap { $0[0] }
      }
    }

    private func sweep(_ store: PostgresStore) async throws {
      _ = try await store.pool.run { try $0.run("SELECT sweep_log(24)") }
    }
  }
#endif
