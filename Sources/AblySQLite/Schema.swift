internal import GRDB

/// How the file is laid out. Migrations have names and only go forward: what is released here never changes, what
/// comes later is appended.
enum Schema {
  /// Tells this program's files from those of others: `Ably` in ASCII.
  static let applicationID: Int32 = 0x4162_6C79

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("2026-11 keys, nonces, revocations") { db in
      try db.execute(
        sql: """
          CREATE TABLE keys (
            name TEXT NOT NULL PRIMARY KEY, app TEXT NOT NULL, secret TEXT NOT NULL, capability TEXT NOT NULL,
            revocable INTEGER NOT NULL, origin TEXT NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX keysByApp ON keys (app);
          CREATE TABLE nonces (
            bucket INTEGER NOT NULL, mark BLOB NOT NULL, PRIMARY KEY (bucket, mark)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE revocations (
            key TEXT NOT NULL, kind TEXT NOT NULL, value BLOB NOT NULL, issuedBefore INTEGER NOT NULL,
            appliesAt INTEGER NOT NULL, PRIMARY KEY (key, kind, value, issuedBefore, appliesAt)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE numbers (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2026-11 short buckets") { db in
      // What was used in a long bucket is not found in a short one: its time counts as forgotten.
      try db.execute(
        sql: """
          UPDATE numbers SET value = value * 300 WHERE name = '\(NonceSweep.horizonName)';
          INSERT INTO numbers (name, value)
            SELECT '\(NonceSweep.horizonName)', (max(bucket) + 1) * 300 FROM nonces HAVING max(bucket) IS NOT NULL
            ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value);
          DELETE FROM nonces;
          """)
    }
    return migrator
  }
}
