#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import NIOPosix
  internal import Synchronization

  /// A bounded number of connections, lent to one caller at a time in the order they came, and a bounded number
  /// of those who wait. What is urgent goes before them, and is not refused for their number.
  final class ConnectionPool: Sendable {
    private enum Lease: Sendable {
      case idle(PostgresConnection)
      /// A place for one, to be connected.
      case empty
      case refused(ErrorInfo)
    }

    private struct State {
      var idle: [PostgresConnection] = []
      var openCount = 0
      var waiting: [CheckedContinuation<Lease, Never>] = []
      var urgent: [CheckedContinuation<Lease, Never>] = []
      var isClosed = false
    }

    let settings: PostgresSettings

    /// How many statements were sent so far, by whoever.
    var statements: Int { settings.statements.value }

    /// How many wait for a connection.
    var waitingCount: Int { state.withLock { $0.waiting.count + $0.urgent.count } }

    let threads: NIOThreadPool
    private let maximumOpen: Int
    private let maximumWaiting: Int
    private let state = Locked(State())

    /// After a failure to connect nobody tries again for this long.
    private static let pause: Duration = .milliseconds(250)

    init(_ settings: PostgresSettings, maximumOpen: Int, maximumWaiting: Int) {
      self.settings = settings
      self.maximumOpen = maximumOpen
      self.maximumWaiting = maximumWaiting
      // Two more for those who listen.
      threads = NIOThreadPool(numberOfThreads: maximumOpen + 2)
      threads.start()
    }

    /// Runs `body` with a connection of its own, on a thread that may block.
    ///
    /// - Parameter isUrgent: whether it is the next that gets one. Only for what is done seldom: what others ask for waits.
    /// - Throws: what `body` throws as `ErrorInfo`; 50004 with status 503 for a failure of the database, when
    ///   none can be connected to, and when too many wait.
    func run<Value: Sendable>(
      isUrgent: Bool = false, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws(ErrorInfo) -> Value {
      let lent: PostgresConnection?
      switch await lease(isUrgent: isUrgent) {
      case .idle(let connection): lent = connection
      case .empty: lent = nil
      case .refused(let error): throw error
      }
      // Whoever gives up does not take those along whose work is done in the same statement.
      let result: Result<Value, ErrorInfo> = await withCheckedContinuation { continuation in
        threads.submit { [self] state in
          switch state {
          case .active: continuation.resume(returning: attempt(lent, body))
          case .cancelled:
            giveBack(nil)
            continuation.resume(returning: .failure(.storeUnavailable("the service is being stopped")))
          }
        }
      }
      return try result.get()
    }

    private func attempt<Value>(
      _ lent: PostgresConnection?, _ body: (PostgresConnection) throws -> Value
    ) -> Result<Value, ErrorInfo> {
      var connection: PostgresConnection?
      do {
        let used = try lent.flatMap { $0.isAlive ? $0 : nil } ?? connect()
        connection = used
        let value = try body(used)
        giveBack(used)
        return .success(value)
      } catch let failure as PostgresFailure {
        giveBack(failure.isBroken ? nil : connection)
        return .failure(failure.refusal)
      } catch {
        giveBack(connection)
        return .failure(error as? ErrorInfo ?? .storeUnavailable("\(error)"))
      }
    }

    /// Connects, unless that was just found impossible.
    private func connect() throws -> PostgresConnection {
      if let refusal = settings.reachability.refusal(since: .now - Self.pause) { throw refusal }
      return try PostgresConnection(settings)
    }

    private func lease(isUrgent: Bool) async -> Lease {
      await withCheckedContinuation { continuation in
        let lease: Lease? = state.withLock { state in
          if state.isClosed { return .refused(.storeUnavailable("the service is being stopped")) }
          if let connection = state.idle.popLast() { return .idle(connection) }
          if state.openCount < maximumOpen {
            state.openCount += 1
            return .empty
          }
          if isUrgent {
            state.urgent.append(continuation)
            return nil
          }
          guard state.waiting.count < maximumWaiting else {
            return .refused(.storeUnavailable("too many requests wait for the database"))
          }
          state.waiting.append(continuation)
          return nil
        }
        if let lease { continuation.resume(returning: lease) }
      }
    }

    private func giveBack(_ connection: PostgresConnection?) {
      let next: CheckedContinuation<Lease, Never>? = state.withLock { state in
        if !state.urgent.isEmpty { return state.urgent.removeFirst() }
        if !state.waiting.isEmpty { return state.waiting.removeFirst() }
        if let connection, !state.isClosed { state.idle.append(connection) } else { state.openCount -= 1 }
        return nil
      }
      next?.resume(returning: connection.map { .idle($0) } ?? .empty)
    }

    func close() async {
      let waiting = state.withLock { state in
        state.isClosed = true
        state.openCount -= state.idle.count
        state.idle = []
        defer { (state.waiting, state.urgent) = ([], []) }
        return state.urgent + state.waiting
      }
      for continuation in waiting {
        continuation.resume(returning: .refused(.storeUnavailable("the service is being stopped")))
      }
      try? await threads.shutdownGracefully()
    }
  }
#endif
