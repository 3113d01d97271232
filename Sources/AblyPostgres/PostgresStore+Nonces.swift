#if Postgres
  public import AblyService
  public import AblyTokens

  extension PostgresStore {
    /// The length of a bucket, each a partition of the table, in milliseconds.
    private static let bucketLength: Int64 = 600_000

    /// How long after its last nonce expired a bucket is dropped, in milliseconds: so far apart the clocks of two
    /// nodes may be before one of them refuses a request that it should take.
    private static let lag: Int64 = 3_600_000

    private static let insertion = """
      INSERT INTO nonces (bucket, mark) SELECT $1::bigint, $2::bytea
      WHERE $1::bigint >= (SELECT first_bucket FROM horizon) ON CONFLICT DO NOTHING
      """

    // In one order on all nodes, lest two wait for each other.
    private static let insertions = """
      INSERT INTO nonces (bucket, mark)
      SELECT n.bucket, n.mark FROM unnest($1::bigint[], $2::bytea[]) n(bucket, mark)
      WHERE n.bucket >= (SELECT first_bucket FROM horizon)
      ORDER BY n.bucket, n.mark ON CONFLICT DO NOTHING
      RETURNING bucket, encode(mark, 'hex')
      """

    /// Asks about a nonce and uses it, in one round trip, or in one with others of the moment.
    ///
    /// - Throws: 50004 with status 503 when the database is away. The nonce may then be used up nevertheless, when the
    ///   connection broke before the answer.
    public func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
      try await nonces.admit(NonceQueue.Item(use: use, now: now)) { [self] (items) async throws(ErrorInfo) in
        if items.count > 1 { try await admitTogether(items) } else { [try await admitAlone(use, at: now)] }
      }
    }

    private func admitTogether(_ items: [NonceQueue.Item]) async throws(ErrorInfo) -> [NonceVerdict] {
      let buckets = Set(items.map { Self.bucket(of: $0.use.expires) }).sorted()
      for _ in 0..<3 {
        if let verdicts = try await admit(items) { return verdicts }
        // Before any of them is used: what is refused is to be refused for all.
        try await pool.run { [self] connection in
          for bucket in buckets { _ = try addPartition(bucket, at: items[0].now, connection) }
        }
      }
      throw .withoutPartition
    }

    /// All at once; `nil` where a partition is not there.
    private func admit(_ items: [NonceQueue.Item]) async throws(ErrorInfo) -> [NonceVerdict]? {
      let keys = items.map { (bucket: Self.bucket(of: $0.use.expires), mark: Self.hex($0.use.mark.bytes)) }
      let parameters = [
        "{\(keys.map { String($0.bucket) }.joined(separator: ","))}",
        // A backslash is written twice in an array.
        "{\(keys.map { "\"\\\($0.mark)\"" }.joined(separator: ","))}",
      ]
      return try await pool.run { connection -> [NonceVerdict]? in
        do {
          let rows = try connection.run(Self.insertions, parameters).rows
          var fresh = Set(rows.map { "\($0[0] ?? "") \($0[1] ?? "")" })
          guard fresh.count < keys.count else { return keys.map { _ in NonceVerdict.fresh } }
          let first = try connection.run("SELECT first_bucket FROM horizon").rows.first?.first
          let horizon = first.flatMap { $0 }.flatMap { Int64($0) } ?? .min
          return keys.map { key -> NonceVerdict in
            if fresh.remove("\(key.bucket) \(key.mark.dropFirst(2))") != nil { return .fresh }
            return key.bucket >= horizon ? .seen : .forgotten
          }
        } catch let failure as PostgresFailure where failure.isMissingPartition && !failure.isBroken {
          return nil
        }
      }
    }

    private func admitAlone(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
      let bucket = Self.bucket(of: use.expires)
      let parameters = [String(bucket), Self.hex(use.mark.bytes)]
      return try await pool.run { [self] connection in
        for _ in 0..<3 {
          do {
            if try connection.run(Self.insertion, parameters).changed == 1 { return .fresh }
            return try isRemembered(bucket, connection) ? .seen : .forgotten
          } catch let failure as PostgresFailure where failure.isMissingPartition && !failure.isBroken {
            guard try addPartition(bucket, at: now, connection) else { return .forgotten }
          }
        }
        throw ErrorInfo.withoutPartition
      }
    }

    private func isRemembered(_ bucket: Int64, _ connection: PostgresConnection) throws -> Bool {
      try connection.run("SELECT 1 FROM horizon WHERE first_bucket <= $1::bigint", [String(bucket)]).rows
        .count == 1
    }

    /// Makes the partition of a bucket and drops those that are long past; `false` where the bucket itself has been
    /// dropped. Nodes do so one after the other.
    private func addPartition(_ bucket: Int64, at now: Int64, _ connection: PostgresConnection) throws -> Bool
    {
      do {
        try oneAfterTheOther(connection) {
          // To drop one is to wait for whoever reads the table, such as a back-up, while all others wait behind.
          try connection.run("SET LOCAL lock_timeout = '200ms'")
          try dropPartitions(before: now, connection)
        }
      } catch let failure as PostgresFailure where failure.isLocked {}
      return try oneAfterTheOther(connection) {
        guard try isRemembered(bucket, connection) else { return false }
        let name = Self.partition(bucket)
        let isThere = try connection.run("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [name]).rows.count == 1
        if isThere { return true }
        // Made first and attached then: that waits for nobody who reads or writes.
        try connection.run("CREATE TABLE \(name) (LIKE nonces INCLUDING ALL)")
        try connection.run("ALTER TABLE nonces ATTACH PARTITION \(name) FOR VALUES IN ('\(bucket)')")
        return true
      }
    }

    private func oneAfterTheOther<Value>(
      _ connection: PostgresConnection, _ body: () throws -> Value
    ) throws -> Value {
      try connection.transaction {
        try connection.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", [schema])
        return try body()
      }
    }

    private func dropPartitions(before now: Int64, _ connection: PostgresConnection) throws {
      let (past, underflow) = now.subtractingReportingOverflow(Self.lag)
      let first = underflow ? Int64.min : Self.bucket(of: past)
      let buckets = try connection.run(
        """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'nonces'::regclass
        """
      ).rows.compactMap { $0[0] }.compactMap(Self.bucket(ofPartition:))
      let old = buckets.filter { $0 < first }
      guard let last = old.max() else { return }
      // Only what is really forgotten moves the horizon: a clock that once ran years ahead must not make the
      // store refuse for years.
      try connection.run(
        "UPDATE horizon SET first_bucket = greatest(first_bucket, $1::bigint)", [String(last + 1)])
      for bucket in old { try connection.run("DROP TABLE \(Self.partition(bucket))") }
    }

    private static func partition(_ bucket: Int64) -> String {
      bucket < 0 ? "nonces_m\(bucket.magnitude)" : "nonces_\(bucket)"
    }

    private static func bucket(ofPartition name: String) -> Int64? {
      let digits = name.dropFirst("nonces_".count)
      return digits.first == "m" ? Int64("-" + digits.dropFirst()) : Int64(digits)
    }

    private static func bucket(of time: Int64) -> Int64 { time.floored(by: bucketLength) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
      let digits = Array("0123456789abcdef")
      return "\\x" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }

  extension ErrorInfo {
    fileprivate static let withoutPartition = ErrorInfo.storeUnavailable(
      "a partition for the nonces could not be made")
  }
#endif
