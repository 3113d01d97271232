#if Postgres
  public import AblyService
  public import AblyTokens

  extension PostgresStore {
    /// Keeps revocations, tells the other nodes, and lets go of those that have not mattered for an hour.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
      guard !revocations.isEmpty else { return }
      try await pool.run { [self] connection in
        try connection.transaction {
          try sweep(at: now, connection)
          for revocation in revocations {
            try connection.run(
              """
              INSERT INTO revocations (key, kind, value, issued_before, applies_at)
              VALUES ($1, $2, $3::bytea, $4::bigint, $5::bigint) ON CONFLICT DO NOTHING
              """,
              [
                revocation.keyName, revocation.target.kind.rawValue, Self.hex(revocation.target.value.utf8),
                String(revocation.issuedBefore), String(revocation.appliesAt),
              ])
          }
          try note(.revoked(revocations), connection)
        }
      }
    }

    private func sweep(at now: Int64, _ connection: PostgresConnection) throws {
      let (old, underflow) = now.subtractingReportingOverflow(Revocation.sweepMargin)
      let (oldIssues, underflow2) = old.subtractingReportingOverflow(Revocation.longestLife)
      guard !underflow, !underflow2 else { return }
      try connection.run(
        "DELETE FROM revocations WHERE issued_before <= $1::bigint AND applies_at <= $2::bigint",
        [String(oldIssues), String(old)])
    }

    static func revocations(_ connection: PostgresConnection) throws -> [Revocation] {
      try connection.run("SELECT key, kind, encode(value, 'hex'), issued_before, applies_at FROM revocations")
        .rows
        .map { row in
          let value = String(decoding: bytes(hex: row[2] ?? ""), as: UTF8.self)
          return Revocation(
            keyName: row[0] ?? "", target: try RevocationTarget("\(row[1] ?? ""):\(value)"),
            issuedBefore: row[3].flatMap { Int64($0) } ?? 0, appliesAt: row[4].flatMap { Int64($0) } ?? 0)
        }
    }

    static func bytes(hex: String) -> [UInt8] {
      let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
      return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
  }
#endif
