#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import NIOPosix

  extension PostgresLog {
    /// How long a node waits for a notification before it looks for itself, in steps of a quarter of a second.
    private static let stepsBetweenLooks = 8

    /// The most that is read at a time.
    private static let page = 500

    func follow(
      after position: LogPosition, _ apply: @escaping @Sendable ([LogEvent]) -> Void
    ) async throws(ErrorInfo) {
      var position = position
      while !Task.isCancelled {
        do {
          let listener = try await listen()
          while !Task.isCancelled {
            position = try await read(listener, after: position, apply)
            for _ in 0..<Self.stepsBetweenLooks where !Task.isCancelled {
              if try await pool.threads.runIfActive({ try listener.hears(within: 250) }) { break }
            }
          }
        } catch {
          // Until there is a connection again; nothing is left out meanwhile, since all of it is in the table.
          try? await Task.sleep(for: .milliseconds(250))
        }
      }
    }

    private func listen() async throws -> PostgresConnection {
      let (settings, schema) = (pool.settings, schema)
      return try await pool.threads.runIfActive {
        let listener = try PostgresConnection(settings)
        // Before anything is read, so that nothing falls between.
        try listener.run("LISTEN \(schema)_log")
        return listener
      }
    }

    private func read(
      _ listener: PostgresConnection, after position: LogPosition, _ apply: ([LogEvent]) -> Void
    ) async throws -> LogPosition {
      var position = position
      while true {
        let events = try await pool.threads.runIfActive { [position] in
          try listener.run(
            """
            SELECT \(LogEvent.columns) FROM events WHERE at >= $1::bigint AND seq > $2::bigint
            ORDER BY seq LIMIT \(Self.page)
            """, [String(position.time), String(position.sequence)]
          ).rows.compactMap(LogEvent.init(row:))
        }
        guard let last = events.last else { return position }
        apply(events)
        position = last.position
        if events.count < Self.page { return position }
      }
    }
  }
#endif
