internal import AblyService
internal import AblyTokens
internal import Foundation
internal import GRDB
internal import Testing

@testable internal import AblySQLite

@Suite("The store's files")
struct FileTests {
  @Test("each commit reaches the disk: WAL with full synchronisation, on the connection that writes")
  func synchronous() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      let (mode, level) = try await store.database.writeWithoutTransaction { db in
        (try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA synchronous"))
      }
      #expect(mode == "wal")
      #expect(level == 2)
      await store.close()
    }
  }

  @Test("its owner alone can read them")
  func modes() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      try await store.revoke([], at: 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: directory)
      #expect(Set(files) == ["ably.sqlite", "ably.sqlite-wal", "ably.sqlite-shm", "lock"])
      for file in files {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
      }
      let folder = try FileManager.default.attributesOfItem(atPath: directory)
      #expect(folder[.posixPermissions] as? Int == 0o700)
      await store.close()
    }
  }

  @Test("a nonce that was used when buckets were long is refused as forgotten, a later one is taken")
  func shortBuckets() async throws {
    try await TemporaryDirectory.use { directory in
      await (try SQLiteStore(directory: directory)).close()
      let used = NonceUse(keyName: "a.b", timestamp: 1_700_000_000_000, nonce: "0123456789abcdef")
      let database = try DatabaseQueue(path: "\(directory)/ably.sqlite")
      try await database.write { db in
        try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '2026-11 short buckets'")
        try db.execute(
          sql: "INSERT INTO nonces (bucket, mark) VALUES (?, ?)",
          arguments: [used.expires.floored(by: 30_000), Data(used.mark.bytes)])
      }
      try database.close()

      let store = try SQLiteStore(directory: directory)
      #expect(try await store.admit(used, at: used.timestamp) == .forgotten)
      let later = NonceUse(keyName: "a.b", timestamp: used.timestamp + 30_000, nonce: "0123456789abcdef")
      #expect(try await store.admit(later, at: later.timestamp) == .fresh)
      #expect(try await store.admit(later, at: later.timestamp) == .seen)
      await store.close()
    }
  }

  @Test("a second one is refused while the first is open, and not afterwards")
  func lock() async throws {
    try await TemporaryDirectory.use { directory in
      let first = try SQLiteStore(directory: directory)
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("another process uses") == true)
      await first.close()
      try await SQLiteStore(directory: directory).close()
    }
  }

  @Test("no text of ours and no zeroes are taken for a database", arguments: ["not a database", ""])
  func noDatabase(text: String) async throws {
    try await TemporaryDirectory.use { directory in
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: "\(directory)/ably.sqlite"))
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("is not an SQLite database") == true)
      #expect(refusal?.remedy?.contains("back-up") == true)
      #expect(try Data(contentsOf: URL(filePath: "\(directory)/ably.sqlite")) == Data(text.utf8))
    }
  }

  @Test("pages that were overwritten are found when it is opened")
  func damaged() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      for number in 0..<500 {
        _ = try await store.admit(NonceUse(keyName: "a.k", timestamp: 0, nonce: "\(number)"), at: 0)
      }
      await store.close()
      let file = try FileHandle(forUpdating: URL(filePath: "\(directory)/ably.sqlite"))
      try file.seek(toOffset: 4096)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 20_000))
      try file.close()
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("cannot be read") == true)
      #expect(refusal?.remedy?.contains("back-up") == true)
    }
  }

  @Test("a database of another program is left as it is")
  func foreign() async throws {
    try await TemporaryDirectory.use { directory in
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      let other = try DatabaseQueue(path: "\(directory)/ably.sqlite")
      try await other.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
      try other.close()
      let before = try Data(contentsOf: URL(filePath: "\(directory)/ably.sqlite"))
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("of another program") == true)
      #expect(try Data(contentsOf: URL(filePath: "\(directory)/ably.sqlite")) == before)
    }
  }

  @Test("a database of a newer version is refused")
  func newer() async throws {
    try await TemporaryDirectory.use { directory in
      let store = try SQLiteStore(directory: directory)
      var migrator = Schema.migrator
      migrator.registerMigration("2099-01 more") { try $0.execute(sql: "CREATE TABLE more (x)") }
      try migrator.migrate(store.database)
      await store.close()
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("newer version") == true)
    }
  }

  @Test("a directory that cannot be made, and one that is a file")
  func noDirectory() async throws {
    try await TemporaryDirectory.use { directory in
      #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: "\(directory)/a/b/c") }
      try Data().write(to: URL(filePath: directory))
      let refusal = #expect(throws: ErrorInfo.self) { try SQLiteStore(directory: directory) }
      #expect(refusal?.message.contains("not a directory") == true)
    }
  }
}
