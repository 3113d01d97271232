#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Dispatch
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @testable internal import AblyPostgres

  @Suite("How a node connects to PostgreSQL", OwnPostgres.needed, .endsAtLast)
  struct ConnectingTests {
    /// Runs `body` with the port of a PostgreSQL that speaks TLS, and the file of the certificate it shows.
    private func withTLS(_ body: (Int, String) async throws -> Void) async throws {
      try await TestCertificate.withFiles { certificate, key in
        // A port that is in use is not to be had; there are others.
        for attempt in 0..<5 {
          let port = Int.random(in: 20_000..<32_000)
          do {
            return try await OwnPostgres.use(tls: (port, certificate, key)) { _ in
              do { try await body(port, certificate) } catch { throw Inner(error: error) }
            }
          } catch let inner as Inner {
            throw inner.error
          } catch {
            if attempt == 4 { throw error }
          }
        }
      }
    }

    private struct Inner: Error { let error: any Error }

    @Test("TLS as the URL wants it: every connection is encrypted, those that listen too")
    func encrypted() async throws {
      try await withTLS { port, certificate in
        for host in ["localhost", "127.0.0.1"] {
          let url = "postgres://ably@\(host):\(port)/postgres?sslmode=verify-full&sslrootcert=\(certificate)"
          let store = try await PostgresStore(url: url, connections: 2)
          let (changes, heard) = AsyncStream.makeStream(of: Bool.self)
          let follower = Task {
            try await store.follow { change in if case .contents = change { heard.yield(true) } }
          }
          var iterator = changes.makeAsyncIterator()
          #expect(await iterator.next() == true)
          let encrypted = try await store.pool.run { connection in
            try connection.run(
              """
              SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
              WHERE a.application_name = 'ably-auth'
              """
            ).rows.map { $0[0] }
          }
          #expect(encrypted.count >= 2)
          #expect(encrypted.allSatisfy { $0 == "t" })
          follower.cancel()
          _ = await follower.result
          await store.close()
        }
      }
    }

    @Test("a server whose certificate is for another name, or of an unknown issuer, is not spoken to")
    func impostor() async throws {
      try await withTLS { port, certificate in
        let urls = [
          "host=db.example hostaddr=127.0.0.1 port=\(port) user=ably password=hunter22 dbname=postgres "
            + "sslmode=verify-full sslrootcert=\(certificate)",
          "postgres://ably:hunter22@localhost:\(port)/postgres?sslmode=verify-full&sslrootcert=/nowhere.pem",
        ]
        for url in urls {
          let refusal = await #expect(throws: ErrorInfo.self) { try await PostgresStore(url: url) }
          #expect(refusal?.statusCode == 503)
          #expect(refusal?.message.contains("certificate") == true)
          #expect(refusal?.remedy?.contains("sslrootcert") == true)
          #expect(refusal.map(PostgresStore.isOutOfReach) == false)
          #expect(refusal.map { "\($0)" }?.contains("hunter22") == false)
        }
      }
    }

    @Test("any option of libpq's comes by the URL, and has the last word but for what a node needs")
    func options() async throws {
      try await OwnPostgres.use { postgres in
        let directory = postgres.directory
        let urls = [
          "\(postgres.url) application_name=mine client_encoding=LATIN1 options='-c work_mem=5MB -c synchronous_commit=off'",
          "postgres://ably@/postgres?host=\(PercentEncoding.component(directory))&application_name=mine"
            + "&client_encoding=LATIN1&options=-c%20work_mem%3D5MB%20-c%20synchronous_commit%3Doff",
        ]
        for url in urls {
          let store = try await PostgresStore(url: url, connections: 1)
          let settings = try await store.pool.run { connection in
            try ["application_name", "client_encoding", "work_mem", "synchronous_commit"].map { name in
              try connection.run("SELECT current_setting($1)", [name]).rows[0][0]
            }
          }
          #expect(settings == ["mine", "UTF8", "5MB", "on"])
          await store.close()
        }
      }
    }

    @Test("of several hosts a node takes the one that can be written to, unless the URL says otherwise")
    func standby() async throws {
      try await OwnPostgres.use { standby in
        try await standby.follow()
        let refusal = await #expect(throws: ErrorInfo.self) { try await PostgresStore(url: standby.url) }
        #expect(refusal?.message.contains("read-only") == true)
        try await OwnPostgres.use { primary in
          let url = "host=\(standby.directory),\(primary.directory) user=ably dbname=postgres"
          let store = try await PostgresStore(url: url, connections: 1)
          let directory = try await store.pool.run { connection in
            try connection.run("SELECT current_setting('unix_socket_directories')").rows[0][0]
          }
          #expect(directory == primary.directory)
          await store.close()
          let any = try PostgresSettings(url: Secret("\(url) target_session_attrs=any"), schema: "other")
          let answer = try PostgresConnection(any).run("SELECT pg_is_in_recovery()")
          #expect(answer.rows == [["t"]])
        }
      }
    }

    @Test("why it cannot be reached is told to those who run the node, and not to those who ask it")
    func reasons() async throws {
      try await OwnPostgres.use { postgres in
        let told = Shared<[String]>([])
        let store = try await PostgresStore(url: postgres.url, connections: 1) { line in
          told.change { $0.append(line) }
        }
        let directory = postgres.directory
        #expect(told.value.isEmpty)
        try await postgres.down()
        while told.value.isEmpty {
          try Task.checkCancellation()
          let refusal = await #expect(throws: ErrorInfo.self) { try await store.contents(at: 0) }
          #expect(refusal.map { "\($0)" }?.contains(directory) == false)
        }
        #expect(told.value[0].hasPrefix("PostgreSQL cannot be reached: "))
        #expect(told.value[0].contains(directory))
        try await postgres.up()
        try await until((try? await store.contents(at: 0)) != nil)
        #expect(told.value.last == "PostgreSQL is reached again")
        await store.close()
      }
    }

    @Test("a URL that libpq cannot read is refused at once, without what it quotes")
    func unreadable() throws {
      for url in [
        "postgres://ably:hunter22%zz@host/db", "host=h user=ably passwort=hunter22", "host='hunter22",
      ] {
        let refusal = #expect(throws: ErrorInfo.self) { try PostgresStore.check(url: url) }
        #expect(refusal?.code == .badRequest)
        #expect(refusal?.message.contains("libpq cannot read") == true)
        #expect(refusal?.message.contains("hunter22") == false)
      }
      for url in ["", " ", "postgres", "hunter22"] {
        let refusal = #expect(throws: ErrorInfo.self) { try PostgresStore.check(url: url) }
        #expect(refusal?.code == .badRequest)
        #expect(refusal?.remedy?.contains("postgres://user@host") == true)
        #expect(refusal?.message.contains("hunter22") == false)
      }
      for url in ["postgres://", "host=h dbname='a b'", "postgresql:///db?host=/tmp&sslmode=require"] {
        try PostgresStore.check(url: url)
      }
    }

    @Test("a user who may not set the database up is told so in PostgreSQL's words")
    func forbidden() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, schema: "other", connections: 1)
        _ = try await store.pool.run { try $0.run("CREATE ROLE eve LOGIN") }
        await store.close()
        let refusal = await #expect(throws: ErrorInfo.self) {
          try await PostgresStore(url: "\(postgres.url) user=eve")
        }
        #expect(refusal?.message.contains("permission denied for database") == true)
        #expect(refusal?.remedy?.contains("CREATE on the database") == true)
      }
    }

    @Test("what every caller waits for is bounded: by their number, and by the time of a statement")
    func bounds() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1, waiting: 2)
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup(of: ErrorInfo?.self) { tasks in
          for _ in 0..<8 {
            tasks.addTask {
              do throws(ErrorInfo) { try await store.pool.run { _ in gate.wait() } } catch { return error }
              return nil
            }
          }
          // One has the connection, two wait.
          for _ in 0..<5 {
            let refusal = await tasks.next() ?? nil
            #expect(refusal?.code == .serverBusy && refusal?.statusCode == 503)
          }
          for _ in 0..<3 { gate.signal() }
          for await refusal in tasks { #expect(refusal == nil) }
        }
        let timeouts = try await store.pool.run { connection in
          try ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"].map { name in
            try connection.run("SELECT current_setting($1)", [name]).rows[0][0]
          }
        }
        #expect(timeouts == ["5s", "5s", "10s"])
        await store.close()
      }
    }

    @Test("a statement without end is given up, and its connection is used again", OwnPostgres.long)
    func endless() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let refusal = await #expect(throws: ErrorInfo.self) {
          _ = try await store.pool.run { try $0.run("SELECT pg_sleep(3600)") }
        }
        #expect(refusal?.statusCode == 503)
        #expect(refusal?.message.contains("57014") == true)
        #expect(try await store.pool.run { try $0.run("SELECT 1").rows.count } == 1)
        await store.close()
      }
    }

    @Test("a server that hangs is given up, and a new connection takes the place", OwnPostgres.long)
    func hanging() async throws {
      try await OwnPostgres.use { postgres in
        let store = try await PostgresStore(url: postgres.url, connections: 1)
        let answer = try await store.pool.run { try $0.run("SELECT pg_backend_pid()").rows.first?.first }
        let server = try #require(answer.flatMap { $0 }.flatMap { pid_t($0) })
        #expect(kill(server, SIGSTOP) == 0)
        let refusal = await #expect(throws: ErrorInfo.self) {
          _ = try await store.pool.run { try $0.run("SELECT 1") }
        }
        #expect(refusal?.statusCode == 503)
        #expect(try await store.pool.run { try $0.run("SELECT 1").rows.count } == 1)
        #expect(kill(server, SIGCONT) == 0)
        await store.close()
      }
    }
  }
#endif
