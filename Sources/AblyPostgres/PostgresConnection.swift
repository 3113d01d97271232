#if Postgres
  internal import AblyTokens
  internal import CLibPQ
  internal import NIOPosix
  internal import Synchronization

  /// One connection. Its calls block, so they are made on a thread that may.
  final class PostgresConnection: Sendable {
    /// What one statement gave: its rows as texts, and how many rows it changed.
    struct Answer: Sendable {
      var rows: [[String?]] = []
      var changed = 0
    }

    private let handle: Locked<PostgresHandle>
    private let statements: StatementCount

    /// Connects, and prepares the session.
    ///
    /// - Throws: ``PostgresFailure`` when there is no connection to be had.
    init(_ settings: PostgresSettings) throws {
      statements = settings.statements
      let start = ContinuousClock.now
      do {
        handle = Locked(try PostgresHandle(settings))
        for statement in settings.session { try run(statement) }
      } catch let failure as PostgresFailure {
        settings.reachability.fail(failure, begun: start)
        throw failure
      }
      settings.reachability.succeed()
    }

    /// Runs a statement, prepared once for each connection.
    @discardableResult
    func run(_ statement: String, _ parameters: [String?] = []) throws -> Answer {
      statements.add()
      return try handle.withLock { try $0.run(statement, parameters) }
    }

    /// Runs `body` in a transaction that is rolled back when it throws.
    func transaction<Value>(_ begin: String = "BEGIN", _ body: () throws -> Value) throws -> Value {
      try run(begin)
      do {
        let value = try body()
        try run("COMMIT")
        return value
      } catch {
        _ = try? run("ROLLBACK")
        throw error
      }
    }

    /// Runs `body` however long the server takes for each statement of it.
    func patiently<Value>(_ body: () throws -> Value) throws -> Value {
      handle.withLock { $0.patience = nil }
      defer { handle.withLock { $0.patience = PostgresHandle.usualPatience } }
      return try body()
    }

    /// Whether the other end has not closed it, as far as can be known without asking.
    var isAlive: Bool { handle.withLock { $0.isAlive } }

    /// Waits for a notification, at most so many milliseconds, and says whether there was one.
    func hears(within milliseconds: Int32) throws -> Bool {
      try handle.withLock { try $0.hears(within: milliseconds) }
    }

    /// Waits for a notification, at most so many milliseconds. Somebody who stops the node waits for a quarter of a
    /// second at most.
    func hears(within milliseconds: Int32, on threads: NIOThreadPool) async throws {
      var rest = milliseconds
      while rest > 0, !Task.isCancelled {
        let step = min(rest, 250)
        if try await threads.runIfActive({ try self.hears(within: step) }) { return }
        rest -= step
      }
    }
  }
#endif
