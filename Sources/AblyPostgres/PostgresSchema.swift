#if Postgres
  internal import AblyTokens

  /// How the database is laid out. Migrations have names and only go forward: what is released here never
  /// changes, what comes later is appended.
  enum PostgresSchema {
    struct Migration {
      let name: String
      let statements: [String]
    }

    static let migrations = [
      Migration(
        name: "2026-11 keys, nonces, revocations, changes",
        statements: [
          """
          CREATE TABLE keys (
            name text COLLATE "C" PRIMARY KEY, app text COLLATE "C" NOT NULL, secret text NOT NULL,
            capability text NOT NULL, revocable boolean NOT NULL, origin text NOT NULL)
          """,
          "CREATE INDEX keys_by_app ON keys (app)",
          """
          CREATE TABLE nonces (bucket bigint NOT NULL, mark bytea NOT NULL, PRIMARY KEY (bucket, mark))
            PARTITION BY LIST (bucket)
          """,
          "CREATE TABLE horizon (first_bucket bigint NOT NULL)",
          "INSERT INTO horizon VALUES (-9223372036854775808)",
          """
          CREATE TABLE revocations (
            key text COLLATE "C" NOT NULL, kind text NOT NULL, value bytea NOT NULL,
            issued_before bigint NOT NULL, applies_at bigint NOT NULL)
          """,
          """
          CREATE UNIQUE INDEX revocations_once ON revocations
            (key, kind, md5(value), issued_before, applies_at)
          """,
          """
          CREATE TABLE changes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
            kind text NOT NULL, payload text NOT NULL)
          """,
        ]),
      log,
      Migration(
        name: "2026-11 occupancy", statements: ["CREATE INDEX attachments_by_room ON attachments (room)"]),
      changes, burials,
      // Who loads a back-up over what is there is told so, instead of being given a second row.
      Migration(
        name: "2026-11 one row",
        statements: [
          "CREATE UNIQUE INDEX horizon_is_one ON horizon ((true))",
          "CREATE UNIQUE INDEX log_state_is_one ON log_state ((true))",
        ]),
    ]

    /// Brings the database up to date. Nodes that start together wait for each other.
    ///
    /// - Throws: 40000 when a newer version has been there; ``PostgresFailure``.
    static func migrate(
      _ connection: PostgresConnection, schema: String, _ migrations: [Migration] = migrations
    ) throws {
      try connection.patiently { try applyAll(connection, schema: schema, migrations) }
    }

    private static func applyAll(
      _ connection: PostgresConnection, schema: String, _ migrations: [Migration]
    ) throws {
      try connection.transaction {
        // An index of a large table takes its time, and so does the node that is first.
        for limit in ["statement_timeout", "lock_timeout"] { try connection.run("SET LOCAL \(limit) = 0") }
        // Held until the end of the transaction.
        try connection.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", [schema])
        try connection.run("CREATE SCHEMA IF NOT EXISTS \(schema)")
        try connection.run(
          "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
        )
        let done = Set(try connection.run("SELECT name FROM migrations").rows.compactMap { $0[0] })
        guard done.isSubset(of: migrations.map(\.name)) else {
          throw ErrorInfo(
            .badRequest, "the database was set up by a newer version of this program",
            remedy: "Use that version: nodes are brought up to date one after the other, never back.")
        }
        for migration in migrations where !done.contains(migration.name) {
          for statement in migration.statements { try connection.run(statement) }
          try connection.run("INSERT INTO migrations (name) VALUES ($1)", [migration.name])
        }
      }
    }
  }
#endif
