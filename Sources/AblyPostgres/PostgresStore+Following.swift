#if Postgres
  public import AblyService
  public import AblyTokens
  internal import NIOPosix

  extension PostgresStore {
    /// How long a node waits for a notification before it looks for changes itself, in steps of a quarter of a
    /// second.
    private static let stepsBetweenLooks = 8

    /// Tells a node what others change, until its task is cancelled.
    ///
    /// A connection of its own listens. When it breaks, or the database does not answer, the node is told
    /// ``StoreChange/lost``; once there is a connection again, everything is read and told anew.
    public func follow(_ apply: @escaping @Sendable (StoreChange) -> Void) async throws(ErrorInfo) {
      while !Task.isCancelled {
        do {
          let (listener, start) = try await begin(apply)
          var position = start
          while !Task.isCancelled { position = try await hear(listener, after: position, apply) }
        } catch {
          apply(.lost)
          // Until there is a connection again; somebody who stops the node does not wait for it.
          try? await Task.sleep(for: .milliseconds(250))
        }
      }
    }

    private func begin(
      _ apply: @escaping @Sendable (StoreChange) -> Void
    ) async throws -> (PostgresConnection, Int64) {
      let (settings, schema) = (pool.settings, schema)
      let (listener, contents, position) = try await pool.threads.runIfActive {
        let listener = try PostgresConnection(settings)
        // Before everything is read, so that nothing falls between.
        try listener.run("LISTEN \(schema)")
        let (contents, position) = try Self.snapshot(listener)
        return (listener, contents, position)
      }
      apply(.contents(contents))
      return (listener, position)
    }

    private func hear(
      _ listener: PostgresConnection, after position: Int64,
      _ apply: @escaping @Sendable (StoreChange) -> Void
    ) async throws -> Int64 {
      let start = ContinuousClock.now
      for _ in 0..<Self.stepsBetweenLooks where !Task.isCancelled {
        if try await pool.threads.runIfActive({ try listener.hears(within: 250) }) { break }
      }
      // A machine that slept so long finds that what it missed is not noted any more.
      guard start.duration(to: .now) < .seconds(3600) else { throw CancellationError() }
      let news = try await pool.threads.runIfActive { try Self.news(listener, after: position) }
      for change in news.changes { apply(change) }
      return news.position
    }

    private static func news(
      _ listener: PostgresConnection, after position: Int64
    ) throws -> (changes: [StoreChange], position: Int64) {
      let rows = try listener.run(
        "SELECT id, kind, payload FROM changes WHERE id > $1::bigint ORDER BY id", [String(position)]
      ).rows
      let changes = try rows.compactMap { row -> StoreChange? in
        switch NotedChange(kind: row[1] ?? "", payload: row[2] ?? "") {
        case .saved(let names): .saved(try keys(named: names, listener))
        case .removed(let appId): .removed(app: appId)
        case .removedKey(let keyName): .removedKey(keyName)
        case .revoked(let revocations): .revoked(revocations)
        case nil: nil
        }
      }
      return (changes, rows.last?[0].flatMap { Int64($0) } ?? position)
    }
  }
#endif
