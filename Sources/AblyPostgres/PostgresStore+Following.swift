#if Postgres
  public import AblyService
  public import AblyTokens
  internal import NIOPosix

  extension PostgresStore {
    /// Tells a node what others change, until its task is cancelled.
    ///
    /// A connection of its own listens. When it breaks, or the database does not answer for three seconds, the node is
    /// told `StoreChange.lost`; once it answers again, everything is read and told anew.
    public func follow(_ apply: @escaping @Sendable (StoreChange) -> Void) async throws(ErrorInfo) {
      let hearing = Hearing(apply)
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { [self] in await listen(hearing) }
        tasks.addTask {
          while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            hearing.check(at: .now)
          }
        }
        await tasks.waitForAll()
      }
    }

    private func listen(_ hearing: Hearing) async {
      while !Task.isCancelled {
        do {
          let (listener, start) = try await begin(hearing)
          var position = start
          while !Task.isCancelled { position = try await hear(listener, after: position, hearing) }
        } catch {
          hearing.lose()
          // Until there is a connection again; somebody who stops the node does not wait for it.
          try? await Task.sleep(for: .milliseconds(250))
        }
      }
    }

    private func begin(_ hearing: Hearing) async throws -> (PostgresConnection, Int64) {
      let (settings, schema) = (pool.settings, schema)
      let (listener, contents, asked, news) = try await pool.threads.runIfActive {
        let listener = try PostgresConnection(settings)
        // Before everything is read, so that nothing falls between.
        try listener.run("LISTEN \(schema)")
        let (contents, position) = try Self.snapshot(listener)
        // What it says may be as old as the reading took; this is from now.
        let asked = ContinuousClock.now
        return (listener, contents, asked, try Self.news(listener, after: position))
      }
      hearing.begin(contents, at: asked)
      guard hearing.tell(news.changes, at: asked) else { throw CancellationError() }
      return (listener, news.position)
    }

    private func hear(
      _ listener: PostgresConnection, after position: Int64, _ hearing: Hearing
    ) async throws -> Int64 {
      let start = ContinuousClock.now
      try await listener.hears(within: pool.settings.silence, on: pool.threads)
      // What the answer says holds for when it was asked for.
      let asked = ContinuousClock.now
      let news = try await pool.threads.runIfActive { try Self.news(listener, after: position) }
      // A machine that slept so long finds that what it missed is not noted any more.
      guard start.duration(to: .now) < .seconds(3600), hearing.tell(news.changes, at: asked) else {
        throw CancellationError()
      }
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
