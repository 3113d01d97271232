#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import Synchronization

  /// A shared log in PostgreSQL. Functions of the database do the work, each in one round trip.
  final class PostgresLog: SharedLog {
    let pool: ConnectionPool
    let schema: String
    private let burials = Locked(0)

    /// How long messages are kept, in hours; partitions of an hour go as a whole.
    private static let hours = 24

    /// So many members and connections are buried in one statement: in far less time than one may take.
    static let portion = 500

    /// After so many burials old partitions are looked for.
    private static let burialsBetweenSweeps = 20

    init(_ pool: ConnectionPool, schema: String) {
      self.pool = pool
      self.schema = schema
    }

    func begin(by node: String, at now: Int64) async throws(ErrorInfo) -> LogBeginning {
      try await pool.run { connection in
        try Self.sweep(connection)
        try connection.run("SELECT lease FROM renew_lease($1)", [node])
        try Self.bury(connection)
        return try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") {
          try Self.beginning(connection)
        }
      }
    }

    private static func beginning(_ connection: PostgresConnection) throws -> LogBeginning {
      let state =
        try connection.run("SELECT id, encode(secret, 'hex'), seq, at FROM log_state").rows.first ?? []
      guard state.count == 4, let secret = state[1], let position = LogPosition(state[2], state[3]) else {
        throw ErrorInfo.storeUnavailable("the log has no state")
      }
      let members = try connection.run(
        """
        SELECT seq, at, 'p', app, channel, connection, head, payload, extras, 'enter' FROM members
        """
      ).rows.compactMap(LogEvent.init(row:))
      let before = try before(connection)
      return LogBeginning(
        log: state[0] ?? "", secret: PostgresStore.bytes(hex: secret), position: position, members: members,
        before: before, tail: try tail(connection, after: before))
    }

    /// Page by page: an answer is there twice while it is read.
    private static func tail(
      _ connection: PostgresConnection, after before: LogPosition
    ) throws -> [LogEvent] {
      var (tail, position): ([LogEvent], LogPosition) = ([], before)
      while true {
        let page = try LogPage(connection, after: position)
        tail += page.events
        guard let last = page.last, !page.isEnd else { return tail }
        position = last
      }
    }

    /// The last place before the tail.
    private static func before(_ connection: PostgresConnection) throws -> LogPosition {
      let old = try connection.run(
        """
        SELECT seq, at FROM events WHERE at < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1::bigint
        ORDER BY seq DESC LIMIT 1
        """, [String(LogBeginning.tailTime)]
      ).rows.first.flatMap { LogPosition($0[0], $0[1]) }
      // The latest that does not fit.
      let cut = try connection.run(
        """
        SELECT seq, at FROM (
          SELECT seq, at, sum(weight) OVER latest AS total, row_number() OVER latest AS number FROM (
            SELECT seq, at, \(LogEvent.weightInSQL) AS weight FROM events
            WHERE at >= $1::bigint AND seq > $2::bigint
            ORDER BY seq DESC LIMIT \(LogBeginning.maximumTail + 1)) e
          WINDOW latest AS (ORDER BY seq DESC)) e
        WHERE total > \(LogBeginning.maximumTailBytes) OR number > \(LogBeginning.maximumTail)
        ORDER BY seq DESC LIMIT 1
        """, [String(old?.time ?? 0), String(old?.sequence ?? 0)])
      return cut.rows.first.flatMap { LogPosition($0[0], $0[1]) } ?? old ?? .start
    }

    func append(
      _ entries: [LogEntry], by node: String, at now: Int64
    ) async throws(ErrorInfo) -> [LogReceipt] {
      let json = JSONValue.array(entries.enumerated().map { $1.json(place: $0) }).text
      return try await pool.run { connection in
        do {
          return try Self.append(json, by: node, connection)
        } catch let failure as PostgresFailure where failure.isMissingPartition && !failure.isBroken {
          try Self.sweep(connection)
          return try Self.append(json, by: node, connection)
        } catch let failure as PostgresFailure where failure.isOfTheData && !failure.isBroken {
          throw ErrorInfo(
            .badRequest, "PostgreSQL does not take it: \(failure.state)", statusCode: 400,
            remedy: "Look for characters that no text may hold.")
        }
      }
    }

    private static func append(
      _ entries: String, by node: String, _ connection: PostgresConnection
    ) throws -> [LogReceipt] {
      try connection.run(
        "SELECT sequence, moment, remark FROM append_log($1, $2::json)", [node, entries]
      ).rows.map { LogReceipt(LogPosition($0[0], $0[1]), note: $0[2]) }
    }

    func take(
      _ connectionId: String, by node: String, at now: Int64
    ) async throws(ErrorInfo) -> LogTaking? {
      let rows = try await pool.run { connection in
        try connection.run(
          "SELECT sequence, moment, app, channel, terms FROM take_connection($1, $2)", [node, connectionId]
        ).rows
      }
      guard let first = rows.first, let position = LogPosition(first[0], first[1]) else { return nil }
      let attachments = rows.dropFirst().map {
        LogTaking.Attachment(app: $0[2] ?? "", channel: $0[3] ?? "", terms: $0[4] ?? "")
      }
      return LogTaking(position: position, attachments: attachments)
    }

    func events(_ query: LogQuery) async throws(ErrorInfo) -> [LogEvent] {
      let order = query.isBackwards ? "DESC" : "ASC"
      let statement = """
        SELECT \(LogEvent.columns) FROM (
          SELECT *, sum(weight) OVER (ORDER BY seq \(order) ROWS UNBOUNDED PRECEDING) - weight AS ahead FROM (
            SELECT *, \(LogEvent.weightInSQL) AS weight FROM events WHERE room = $1::bytea AND kind = $2
              AND at BETWEEN $3::bigint AND $4::bigint AND seq BETWEEN $5::bigint AND $6::bigint
            ORDER BY seq \(order) LIMIT $7::int) e) e
        WHERE ahead <= $8::bigint ORDER BY seq \(order)
        """
      let parameters = [
        "\\x" + query.room, query.kind.rawValue, String(query.times.lowerBound),
        String(query.times.upperBound), String(query.sequences.lowerBound),
        String(query.sequences.upperBound), String(query.limit), String(query.maximumWeight),
      ]
      let events = try await pool.run { connection in
        try connection.run(statement, parameters).rows.compactMap(LogEvent.init(row:))
      }
      return query.isBackwards ? events.reversed() : events
    }

    func renew(by node: String, at now: Int64) async throws(ErrorInfo) -> LogRenewal {
      // However many ask for history: a node that does not say that it lives counts as dead.
      let row = try await pool.run(isUrgent: true) { connection in
        // The time is read once the lease is renewed, however long that waited.
        try connection.run(
          """
          SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, lease, sequence FROM renew_lease($1)
          """, [node]
        ).rows.first ?? []
      }
      guard row.count == 3, let lease = row[1], let sequence = row[2].flatMap({ Int64($0) }) else {
        throw .storeUnavailable("the log has no lease")
      }
      return LogRenewal(moment: row[0].flatMap { Int64($0) }, lease: lease, sequence: sequence)
    }

    func bury(at now: Int64) async throws(ErrorInfo) -> Bool {
      let isMore = try await pool.run { try Self.bury($0) }
      if !isMore { try await sweepAtTimes() }
      return isMore
    }

    @discardableResult
    private static func bury(_ connection: PostgresConnection) throws -> Bool {
      try connection.run("SELECT bury($1::int)", [String(portion)]).rows.first?[0] == "t"
    }

    private func sweepAtTimes() async throws(ErrorInfo) {
      let count = burials.withLock { count in
        count += 1
        return count
      }
      guard count % Self.burialsBetweenSweeps == 0 else { return }
      try await pool.run { connection in try Self.sweep(connection) }
    }

    func occupants(
      of room: String, besides node: String
    ) async throws(ErrorInfo) -> [Int64: Int] {
      let rows = try await pool.run { connection in
        try connection.run(
          """
          SELECT (a.terms::json ->> 'modes')::bigint AS modes, count(*) FROM attachments a
          JOIN connections c ON c.id = a.connection
          WHERE a.room = $1::bytea AND c.node <> $2 AND c.expires IS NULL GROUP BY 1
          """, ["\\x" + room, node]
        ).rows
      }
      return rows.reduce(into: [:]) { counts, row in
        guard let modes = row[0].flatMap({ Int64($0) }), let count = row[1].flatMap({ Int($0) }) else {
          return
        }
        counts[modes] = count
      }
    }

    private static func sweep(_ connection: PostgresConnection) throws {
      try connection.run("SELECT sweep_log($1::int)", [String(hours)])
    }
  }
#endif
