#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import NIOPosix

  extension PostgresLog {
    /// The log does not go on where the node was.
    private enum Gap: Error {
      /// What lies between is gone for good.
      case missing
      /// The node has read what the log does not hold.
      case setBack

      var message: String {
        switch self {
        case .missing: "what happened while this node was cut off is not kept there any more"
        case .setBack:
          "the database went back to before what this node has read, as it does when a back-up is put in its place"
        }
      }
    }

    func follow(
      after position: LogPosition, _ apply: @escaping @Sendable ([LogEvent]) -> Void
    ) async throws(ErrorInfo) {
      var position = position
      while !Task.isCancelled {
        do {
          let listener = try await listen(after: position)
          while !Task.isCancelled {
            position = try await read(listener, after: position, apply)
            try await listener.hears(within: pool.settings.silence, on: pool.threads)
          }
        } catch let gap as Gap {
          throw .storeUnavailable(
            gap.message, remedy: "Start the node again: it then reads what is the case now.")
        } catch {
          // Until there is a connection again; nothing is left out meanwhile, since all of it is in the table.
          try? await Task.sleep(for: .milliseconds(250))
        }
      }
    }

    private func listen(after position: LogPosition) async throws -> PostgresConnection {
      let (settings, schema) = (pool.settings, schema)
      return try await pool.threads.runIfActive {
        let listener = try PostgresConnection(settings)
        // Before anything is read, so that nothing falls between.
        try listener.run("LISTEN \(schema)_log")
        try Self.check(listener, holds: position)
        return listener
      }
    }

    private static func check(_ listener: PostgresConnection, holds position: LogPosition) throws {
      let last = try listener.run("SELECT seq FROM log_state").rows.first?[0].flatMap { Int64($0) }
      guard last ?? 0 >= position.sequence else { throw Gap.setBack }
    }

    private func read(
      _ listener: PostgresConnection, after position: LogPosition, _ apply: ([LogEvent]) -> Void
    ) async throws -> LogPosition {
      var position = position
      while true {
        let page = try await pool.threads.runIfActive { [position] in
          let page = try LogPage(listener, after: position)
          // What was put back may go on with numbers that this node takes for read.
          if page.last == nil { try Self.check(listener, holds: position) }
          return page
        }
        guard let first = page.first, let last = page.last else { return position }
        // No number is ever left out, but those of old partitions go.
        guard first.sequence == position.sequence + 1 else { throw Gap.missing }
        apply(page.events)
        position = last
        if page.isEnd { return position }
      }
    }
  }
#endif
