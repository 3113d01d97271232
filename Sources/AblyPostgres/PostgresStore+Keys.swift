#if Postgres
  public import AblyService
  public import AblyTokens

  extension PostgresStore {
    private static let columns = "name, secret, capability, revocable::int, origin"

    /// The key of this name.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func key(named keyName: String) async throws(ErrorInfo) -> StoredKey? {
      guard !keyName.utf8.contains(0) else { return nil }
      return try await pool.run { connection in
        try connection.run("SELECT \(Self.columns) FROM keys WHERE name = $1", [keyName]).rows.first
          .map { try Self.key($0) }
      }
    }

    /// Keeps keys, and tells the other nodes.
    ///
    /// - Throws: 40000 for the name of a key that there is and that is not to be replaced; 50004 with status 503
    ///   when the database is away.
    public func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo) {
      let conflict =
        replacing
        ? """
        ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, capability = excluded.capability,
          revocable = excluded.revocable, origin = excluded.origin
        """ : "ON CONFLICT DO NOTHING"
      try await pool.run { [self] connection in
        try connection.transaction {
          for stored in keys {
            let key = stored.key
            let name = key.key.keyName
            let answer = try connection.run(
              """
              INSERT INTO keys (name, app, secret, capability, revocable, origin)
              VALUES ($1, $2, $3, $4, $5::int::boolean, $6) \(conflict)
              """,
              [
                name, key.key.appId, String(key.key.revealed().dropFirst(name.count + 1)), key.capabilityText,
                key.revocableTokens ? "1" : "0", stored.origin.rawValue,
              ])
            guard answer.changed == 1 else { throw ErrorInfo.keyExists(name) }
          }
          try note(.saved(keys.map(\.key.key.keyName)), connection)
        }
      }
    }

    /// Forgets the keys of an app, and tells the other nodes.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func remove(app appId: String) async throws(ErrorInfo) {
      try await pool.run { [self] connection in
        try connection.transaction {
          try connection.run("DELETE FROM keys WHERE app = $1", [appId])
          try note(.removed(appId), connection)
        }
      }
    }

    /// Forgets one key, and tells the other nodes.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func remove(key keyName: String) async throws(ErrorInfo) {
      guard !keyName.utf8.contains(0) else { return }
      try await pool.run { [self] connection in
        try connection.transaction {
          try connection.run("DELETE FROM keys WHERE name = $1", [keyName])
          try note(.removedKey(keyName), connection)
        }
      }
    }

    static func keys(_ connection: PostgresConnection) throws -> [StoredKey] {
      try connection.run("SELECT \(columns) FROM keys").rows.map(key)
    }

    static func keys(named names: [String], _ connection: PostgresConnection) throws -> [StoredKey] {
      try names.compactMap { name in
        try connection.run("SELECT \(columns) FROM keys WHERE name = $1", [name]).rows.first.map(key)
      }
    }

    private static func key(_ row: [String?]) throws -> StoredKey {
      let key = try APIKey(keyName: row[0] ?? "", keySecret: row[1] ?? "")
      return StoredKey(
        try ServiceKey(key, capabilityText: row[2] ?? "", revocableTokens: row[3] == "1"),
        origin: StoredKey.Origin(rawValue: row[4] ?? "") ?? .given)
    }
  }
#endif
