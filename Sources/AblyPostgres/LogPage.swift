#if Postgres
  internal import AblyService

  /// Some of the log, oldest first: so much as is read at a time.
  struct LogPage {
    /// But for those of a kind that only a newer version knows.
    let events: [LogEvent]

    let first: LogPosition?
    let last: LogPosition?

    /// Whether nothing comes after it.
    let isEnd: Bool

    /// The most events that are read at a time. An event has at most 64 KiB of what clients write, which JSON may write six
    /// times as long; to look at each one's length costs as much as to read it.
    static let maximumCount = 64

    private static let statement = """
      SELECT \(LogEvent.columns) FROM events WHERE at >= $1::bigint AND seq > $2::bigint
      ORDER BY seq LIMIT \(maximumCount)
      """

    /// Reads what stands after a position.
    init(_ connection: PostgresConnection, after position: LogPosition) throws {
      let rows = try connection.run(
        Self.statement, [String(position.time), String(position.sequence)]
      ).rows
      events = rows.compactMap(LogEvent.init(row:))
      first = rows.first.flatMap { LogPosition($0[0], $0[1]) }
      last = rows.last.flatMap { LogPosition($0[0], $0[1]) }
      isEnd = rows.count < Self.maximumCount
    }
  }
#endif
