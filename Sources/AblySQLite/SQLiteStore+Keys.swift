public import AblyService
public import AblyTokens
internal import GRDB

extension SQLiteStore {
  /// The key of this name.
  ///
  /// - Throws: 50004 with status 503 when the file cannot be read.
  public func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM keys WHERE name = ?", arguments: [keyName]).map(Self.key)
    }
  }

  /// Keeps keys.
  ///
  /// - Throws: 40000 for the name of a key that there is and that is not to be replaced; 50004 with status 503
  ///   when nothing can be stored.
  public func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
    try await commits.commit { db in
      if !replacing { try Self.refuseKnown(keys.map(\.key.key.keyName), db) }
      for stored in keys {
        let key = stored.key
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO keys (name, app, secret, capability, revocable, origin)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            key.key.keyName, key.key.appId,
            String(key.key.revealed().dropFirst(key.key.keyName.count + 1)), key.capabilityText,
            key.revocableTokens, stored.origin.rawValue,
          ])
      }
    }
  }

  /// Forgets the keys of an app.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  public func remove(app appId: String) async throws(ErrorInfo) {
    try await commits.commit { db in
      try db.execute(sql: "DELETE FROM keys WHERE app = ?", arguments: [appId])
    }
  }

  /// Forgets one key.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  public func remove(key keyName: String) async throws(ErrorInfo) {
    try await commits.commit { db in
      try db.execute(sql: "DELETE FROM keys WHERE name = ?", arguments: [keyName])
    }
  }

  static func keys(_ db: Database) throws -> [StoredKey] {
    try Row.fetchAll(db, sql: "SELECT * FROM keys").map(key)
  }

  private static func key(_ row: Row) throws -> StoredKey {
    let key = try APIKey(keyName: row["name"], keySecret: row["secret"])
    return StoredKey(
      try ServiceKey(key, capabilityText: row["capability"], revocableTokens: row["revocable"]),
      origin: StoredKey.Origin(rawValue: row["origin"]) ?? .given)
  }

  // Before anything is written: what a refusal leaves behind would be committed with its neighbours.
  private static func refuseKnown(_ names: [String], _ db: Database) throws {
    var seen: Set<String> = []
    for name in names {
      let isKnown = try Row.fetchOne(db, sql: "SELECT 1 FROM keys WHERE name = ?", arguments: [name]) != nil
      guard !isKnown, seen.insert(name).inserted else { throw ErrorInfo.keyExists(name) }
    }
  }
}
