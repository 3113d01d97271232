#if Postgres
  public import AblyService
  public import AblyTokens

  /// A store in PostgreSQL, for any number of nodes.
  ///
  /// Each node holds keys and revocations in memory and is told of changes by `NOTIFY`; what changed stands in a
  /// table. A node that cannot hear refuses tokens that can be revoked (50004, status 503) until it has read
  /// everything again, and goes on with all others. Exchanges, revocations and changes of apps are refused
  /// while the database is away. What was acknowledged is committed with `synchronous_commit` on.
  public final class PostgresStore: ServiceStore {
    let pool: ConnectionPool
    let schema: String
    let sharedLog: PostgresLog
    let nonces: NonceQueue

    /// `true`.
    public var isShared: Bool { true }

    /// Connects, and brings the database up to date.
    ///
    /// - Parameters:
    ///   - url: as libpq takes it: `postgres://user@host/database?sslmode=verify-full`, or `host=… dbname=…`. Its
    ///     options and variables of the environment (`PGPASSFILE` and others) apply. Where none says which of several
    ///     hosts is taken it is one that can be written to.
    ///   - schema: keeps several clusters apart in one database.
    ///   - connections: the most connections, beside two that listen.
    ///   - waiting: the most requests that wait for one; one more is refused.
    ///   - report: is told, in words for those who run the node, when the database cannot be reached any more and why,
    ///     and when it can be again.
    /// - Throws: 50004 with status 503 when there is no connection to be had, or the database cannot be set up; 40000
    ///   when a newer version has set it up, the schema's name is not plain, libpq cannot read the URL, or it is neither
    ///   a URL nor pairs of `name=value`, such as an empty one.
    public convenience init(
      url: String, schema: String = "ably_auth", connections: Int = 8, waiting: Int = 1000,
      report: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(ErrorInfo) {
      let settings = try PostgresSettings(url: Secret(url), schema: schema, report: report)
      try await self.init(settings, connections: connections, waiting: waiting)
    }

    init(
      _ settings: PostgresSettings, connections: Int = 8, waiting: Int = 1000
    ) async throws(ErrorInfo) {
      schema = settings.schema
      pool = ConnectionPool(settings, maximumOpen: max(1, connections), maximumWaiting: waiting)
      sharedLog = PostgresLog(pool, schema: schema)
      nonces = NonceQueue(maximumWaiting: waiting)
      do throws(ErrorInfo) {
        let trouble = try await pool.run { connection -> PostgresFailure? in
          do {
            try PostgresSchema.migrate(connection, schema: settings.schema)
            return nil
          } catch let failure as PostgresFailure { return failure }
        }
        if let trouble { throw Self.notStarted(trouble, schema: settings.schema) }
      } catch {
        await pool.close()
        // Who starts a node may know more than who asks it.
        let trouble = settings.reachability.trouble
        throw trouble.map { Self.notStarted($0, schema: settings.schema) } ?? error
      }
      settings.reachability.beginToReport()
    }

    private static func notStarted(_ failure: PostgresFailure, schema: String) -> ErrorInfo {
      let fault = StartFault(failure)
      var error = ErrorInfo.storeUnavailable(
        fault.message(failure.line, schema: schema), remedy: fault.remedy(schema: schema))
      if fault.isOutOfReach { error.detail[absence.name] = absence.value }
      return error
    }

    private static let absence = (name: "postgres", value: "outOfReach")

    /// Whether an error of starting says, in its detail, that PostgreSQL is out of reach: otherwise something is wrong
    /// with what stands in the URL, or with what is there.
    package static func isOutOfReach(_ error: ErrorInfo) -> Bool {
      error.detail[absence.name] == absence.value
    }

    /// Looks whether libpq can read where the database is, without connecting.
    ///
    /// - Throws: 40000 when it cannot, and for what is neither a URL nor pairs of `name=value`.
    public static func check(url: String) throws(ErrorInfo) {
      _ = try PostgresSettings(url: Secret(url), schema: "ably_auth")
    }

    /// Ends its connections.
    public func close() async { await pool.close() }

    /// All keys, and the revocations that can still matter.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents {
      var contents = try await pool.run { try Self.snapshot($0).contents }
      contents.revocations.removeAll { !$0.canMatter(at: now) }
      return contents
    }

    /// Everything at one moment, and the number of the last change that is in it.
    static func snapshot(_ connection: PostgresConnection) throws -> (
      contents: StoreContents, position: Int64
    ) {
      try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") {
        let position = try connection.run("SELECT coalesce(max(id), 0) FROM changes").rows.first?.first
        let contents = StoreContents(keys: try keys(connection), revocations: try revocations(connection))
        return (contents, position?.flatMap { Int64($0) } ?? 0)
      }
    }

    /// Notes what changed in the transaction that changes it.
    func note(_ change: NotedChange, _ connection: PostgresConnection) throws {
      try connection.run("SELECT note_change($1, $2)", [change.kind, change.payload.text])
    }
  }
#endif
