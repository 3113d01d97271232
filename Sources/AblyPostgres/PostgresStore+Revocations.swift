#if Postgres
  public import AblyService
  public import AblyTokens

  extension PostgresStore {
    /// Keeps revocations, tells the other nodes, and lets go of those that have not mattered for an hour.
    ///
    /// - Throws: 50004 with status 503 when the database is away.
    public func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
      guard !revocations.isEmpty else { return }
      let (old, underflow) = now.subtractingReportingOverflow(Revocation.sweepMargin)
      let (oldIssue, underflow2) = old.subtractingReportingOverflow(Revocation.longestLife)
      let isSwept = !underflow && !underflow2
      let parameters: [String?] = [
        JSONValue.array(revocations.map(Self.row)).text, isSwept ? String(oldIssue) : nil,
        isSwept ? String(old) : nil, NotedChange.revoked(revocations).payload.text,
      ]
      _ = try await pool.run { connection in
        try connection.run(
          "SELECT keep_revocations($1::json, $2::bigint, $3::bigint, $4)", parameters)
      }
    }

    // A text of JSON cannot hold every text that a target may be.
    private static func row(_ revocation: Revocation) -> JSONValue {
      [
        "key": .string(revocation.keyName), "kind": .string(revocation.target.kind.rawValue),
        "value": .string(hex(revocation.target.value.utf8)),
        "issued_before": .number(JSONNumber(revocation.issuedBefore)),
        "applies_at": .number(JSONNumber(revocation.appliesAt)),
      ]
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
