#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("What is at fault where a node cannot begin with PostgreSQL", .endsAtLast)
  struct StartFaultTests {
    struct Case: CustomTestStringConvertible, Sendable {
      let words: String
      let fault: StartFault

      var testDescription: String { words }
    }

    static let cases = [
      Case(words: #"at "db" (10.0.0.1), port 5432 failed: Connection refused"#, fault: .unreachable),
      Case(words: #"could not translate host name "db" to address: unknown"#, fault: .unreachable),
      // What a name says is nobody's word.
      Case(words: #"at "certificate.example", port 1 failed: Connection refused"#, fault: .unreachable),
      Case(words: "PostgreSQL does not answer", fault: .unreachable),
      Case(words: "failed: SSL SYSCALL error: Connection reset by peer", fault: .unreachable),
      Case(words: "failed: FATAL:  the database system is starting up", fault: .notReady),
      Case(words: "failed: FATAL:  sorry, too many clients already", fault: .full),
      Case(words: "failed: fe_sendauth: no password supplied", fault: .login),
      Case(words: #"failed: FATAL:  password authentication failed for user "eve""#, fault: .login),
      Case(words: #"failed: FATAL:  database "certificate" does not exist"#, fault: .login),
      Case(
        words:
          #"failed: FATAL:  no pg_hba.conf entry for host "::1", user "eve", database "db", SSL encryption"#,
        fault: .login),
      Case(
        words: "failed: server does not support SSL, but SSL was required", fault: .encryption),
      Case(words: #"failed: root certificate file "/nowhere.pem" does not exist"#, fault: .encryption),
      Case(words: "failed: SSL error: certificate verify failed", fault: .encryption),
      Case(words: "failed: FATAL:  connection requires a valid client certificate", fault: .encryption),
      Case(words: #"private key file "k.pem" has group or world access"#, fault: .encryption),
      Case(words: #"invalid sslmode value: "nonsense""#, fault: .encryption),
    ]

    @Test("a connection that fails, by the words of libpq", arguments: cases)
    func connecting(_ sample: Case) {
      #expect(StartFault(PostgresFailure(state: "", text: sample.words)) == sample.fault)
    }

    @Test("rights, a schema that is closed, and one that holds something else", OwnPostgres.needed)
    func schemas() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, schema: "half", connections: 1)
        _ = try await store.pool.run { connection in
          for statement in [
            "CREATE ROLE eve LOGIN", "GRANT CREATE ON DATABASE postgres TO eve", "CREATE SCHEMA closed",
            "CREATE SCHEMA narrow", "GRANT USAGE ON SCHEMA narrow TO eve", "CREATE SCHEMA strange",
            "CREATE TABLE strange.keys (x int)", "CREATE SCHEMA stranger",
            "CREATE TABLE stranger.migrations (version int)",
            "DELETE FROM half.migrations WHERE name LIKE '%occupancy'",
          ] {
            try connection.run(statement)
          }
        }
        for (schema, message, remedy) in [
          ("closed", "the user may not use the schema closed", "ALTER SCHEMA closed OWNER TO"),
          ("narrow", "permission denied for schema narrow", "the owner of the schema narrow"),
        ] {
          let refusal = await #expect(throws: ErrorInfo.self) {
            try await PostgresStore(url: "\(postgres.url) user=eve", schema: schema)
          }
          #expect(refusal?.message.contains(message) == true, "\(schema)")
          #expect(refusal?.remedy?.contains(remedy) == true, "\(schema)")
          #expect(refusal.map(PostgresStore.isOutOfReach) == false)
        }
        for schema in ["strange", "stranger", "half"] {
          let refusal = await #expect(throws: ErrorInfo.self) {
            try await PostgresStore(url: postgres.url, schema: schema)
          }
          #expect(refusal?.message.contains("the schema \(schema) holds something else") == true, "\(schema)")
          #expect(refusal?.remedy?.contains("another database") == true, "\(schema)")
          #expect(refusal.map(PostgresStore.isOutOfReach) == false)
        }
        await store.close()
      }
    }
  }
#endif
