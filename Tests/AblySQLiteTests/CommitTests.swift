internal import AblyService
internal import AblyTokens
internal import Dispatch
internal import GRDB
internal import TestSupport
internal import Testing

@testable internal import AblySQLite

@Suite("Commits", .endsAtLast)
struct CommitTests {
  private static let now: Int64 = 1_700_000_000_000

  private func use(_ nonce: String, _ time: Int64 = now) -> NonceUse {
    NonceUse(keyName: "a.k", timestamp: time, nonce: nonce)
  }

  @Test("those who come during a commit share the next one")
  func shared() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let counter = CommitCounter()
      store.database.add(transactionObserver: counter, extent: .databaseLifetime)
      let gate = DispatchSemaphore(value: 0)
      store.database.asyncWriteWithoutTransaction { _ in gate.wait() }
      let fresh = try await withThrowingTaskGroup(of: NonceVerdict.self) { tasks in
        for number in 0..<64 {
          tasks.addTask { try await store.admit(use("\(number)"), at: Self.now) }
        }
        try await until(store.commits.waitingCount >= 63)
        gate.signal()
        return try await tasks.reduce(0) { $0 + ($1 == .fresh ? 1 : 0) }
      }
      #expect(fresh == 64)
      #expect(counter.count == 2)
      await store.close()
    }
  }

  @Test("with a full disk nothing is accepted, and with room again what was refused can be repeated")
  func fullDisk() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let pages = try await store.database.writeWithoutTransaction { db in
        try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      }
      try await limit(store, toPages: pages)
      var accepted = 0
      var refusal: ErrorInfo?
      while refusal == nil {
        do throws(ErrorInfo) {
          _ = try await store.admit(use("\(accepted)"), at: Self.now)
          accepted += 1
        } catch { refusal = error }
      }
      #expect(refusal?.statusCode == 503)
      #expect(refusal?.code == .serverBusy)
      #expect(refusal?.message.contains("disk is full") == true)
      let long = try ["b", "d", "e"].map { id in
        try ServiceKey(
          APIKey("a.\(id):c"), capabilityText: #"{"\#(String(repeating: "x", count: 20_000))":["publish"]}"#)
      }
      await #expect(throws: ErrorInfo.self) {
        try await store.save(long.map { StoredKey($0, origin: .given) }, replacing: false)
      }
      #expect(try await store.contents(at: Self.now).keys.isEmpty)
      try await limit(store, toPages: pages + 1000)
      #expect(try await store.admit(use("\(accepted)"), at: Self.now) == .fresh)
      for number in 0..<accepted { #expect(try await store.admit(use("\(number)"), at: Self.now) == .seen) }
      await store.close()
    }
  }

  private func limit(_ store: SQLiteStore, toPages pages: Int) async throws {
    try await store.database.writeWithoutTransaction { db in
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
    }
  }

  @Test("after an error of the disk nothing is written any more, and what is held can still be read")
  func failedDisk() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let core = try await ServiceCore(store: store)
      #expect(try await store.admit(use("before"), at: Self.now) == .fresh)
      #expect(core.isReady)
      await #expect(throws: ErrorInfo.self) {
        try await store.commits.commit { _ in throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
      }
      let refusal = await #expect(throws: ErrorInfo.self) {
        try await store.admit(use("after"), at: Self.now)
      }
      #expect(refusal?.statusCode == 503)
      #expect(!core.isReady)
      #expect(refusal?.remedy?.contains("start the service again") == true)
      _ = try await store.contents(at: Self.now)
      await store.close()
      let again = try SQLiteStore(directory: directory)
      #expect(try await again.admit(use("before"), at: Self.now) == .seen)
      #expect(try await again.admit(use("after"), at: Self.now) == .fresh)
      await again.close()
    }
  }

  @Test("who comes while the disk fails is refused as well")
  func failedMeanwhile() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let (gate, begun) = (DispatchSemaphore(value: 0), Mutexed(false))
      let refused = try await withThrowingTaskGroup(of: Bool.self) { tasks in
        tasks.addTask {
          await refuses {
            try await store.commits.commit { _ in
              begun.withLock { $0 = true }
              gate.wait()
              throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC)
            }
          }
        }
        try await until(begun.withLock(\.self))
        tasks.addTask { await refuses { _ = try await store.admit(use("late"), at: Self.now) } }
        try await until(store.commits.waitingCount == 1)
        gate.signal()
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(refused == [true, true])
      await store.close()
      let again = try SQLiteStore(directory: directory)
      #expect(try await again.admit(use("late"), at: Self.now) == .fresh)
      await again.close()
    }
  }

  private func refuses(_ body: () async throws -> Void) async -> Bool {
    do { try await body() } catch { return error is ErrorInfo }
    return false
  }

  @Test("nobody is answered before the commit: where it fails, nobody was told that it worked")
  func answeredAfterwards() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let veto = Veto()
      store.database.add(transactionObserver: veto, extent: .databaseLifetime)
      await #expect(throws: ErrorInfo.self) { try await store.admit(use("1"), at: Self.now) }
      store.database.remove(transactionObserver: veto)
      #expect(try await store.admit(use("1"), at: Self.now) == .fresh)
      await store.close()
    }
  }

  @Test("one who is refused costs the others of its transaction nothing")
  func neighbours() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let taken = StoredKey(try ServiceKey(APIKey("a.b:c")), origin: .given)
      try await store.save([taken], replacing: false)
      let gate = DispatchSemaphore(value: 0)
      store.database.asyncWriteWithoutTransaction { _ in gate.wait() }
      async let first = store.admit(use("1"), at: Self.now)
      async let refused: Void = store.save([taken], replacing: false)
      async let second = store.admit(use("2"), at: Self.now)
      try await until(store.commits.waitingCount >= 2)
      gate.signal()
      let verdicts = try await [first, second]
      #expect(verdicts == [.fresh, .fresh])
      var refusal: ErrorInfo?
      do { try await refused } catch let error as ErrorInfo { refusal = error }
      #expect(refusal?.code == .badRequest)
      await store.close()
    }
  }

  @Test("old nonces and revocations do not stay on disk")
  func swept() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      for minute: Int64 in 0..<200 {
        let now = Self.now + minute * 60_000
        for number in 0..<3 { _ = try await store.admit(use("\(number)", now), at: now) }
        try await store.revoke(
          [
            Revocation(
              keyName: "a.k", target: RevocationTarget("clientId:\(minute)"), issuedBefore: now,
              appliesAt: now)
          ], at: now)
      }
      let (nonces, revocations) = try await store.database.read { db in
        (
          try Int.fetchOne(db, sql: "SELECT count(*) FROM nonces") ?? 0,
          try Int.fetchOne(db, sql: "SELECT count(*) FROM revocations") ?? 0
        )
      }
      #expect((3...12).contains(nonces))
      #expect((60...123).contains(revocations))
      await store.close()
    }
  }

  @Test("a clock that ran years ahead and was set right does not keep requests out")
  func aheadAndBack() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      #expect(try await store.admit(use("1"), at: Self.now) == .fresh)
      let ahead = Self.now + 10 * 365 * 86_400_000
      #expect(try await store.admit(use("2", ahead), at: ahead) == .fresh)
      let after = Self.now + 60_000
      #expect(try await store.admit(use("1"), at: after) == .forgotten)
      #expect(try await store.admit(use("3", after), at: after) == .fresh)
      await store.close()
    }
  }
}

/// Counts the transactions that are committed.
private final class CommitCounter: TransactionObserver {
  private(set) var count = 0

  func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseDidCommit(_ db: Database) { count += 1 }
  func databaseDidRollback(_ db: Database) {}
}

/// Lets no transaction be committed.
private final class Veto: TransactionObserver {
  func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseWillCommit() throws { throw DatabaseError(resultCode: .SQLITE_FULL) }
  func databaseDidCommit(_ db: Database) {}
  func databaseDidRollback(_ db: Database) {}
}
