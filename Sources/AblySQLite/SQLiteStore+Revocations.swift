public import AblyService
public import AblyTokens
internal import Foundation
internal import GRDB

extension SQLiteStore {
  /// Keeps revocations, and lets go of those that have not mattered for an hour.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  public func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo) {
    let (old, underflow) = now.subtractingReportingOverflow(Revocation.sweepMargin)
    try await commits.commit { db in
      if !underflow {
        let oldIssues = max(old, .min + Revocation.longestLife) - Revocation.longestLife
        try db.execute(
          sql: "DELETE FROM revocations WHERE issuedBefore <= ? AND appliesAt <= ?",
          arguments: [oldIssues, old])
      }
      for revocation in revocations {
        try db.cachedStatement(
          sql: """
            INSERT INTO revocations (key, kind, value, issuedBefore, appliesAt) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        ).execute(arguments: [
          revocation.keyName, revocation.target.kind.rawValue, Data(revocation.target.value.utf8),
          revocation.issuedBefore, revocation.appliesAt,
        ])
      }
    }
  }

  // The value as bytes: a text of SQLite's ends at a zero byte.
  static func revocations(_ db: Database, at now: Int64) throws -> [Revocation] {
    try Row.fetchAll(db, sql: "SELECT * FROM revocations").map { row in
      let value = String(decoding: row["value"] as Data, as: UTF8.self)
      return Revocation(
        keyName: row["key"], target: try RevocationTarget("\(row["kind"] as String):\(value)"),
        issuedBefore: row["issuedBefore"], appliesAt: row["appliesAt"])
    }.filter { $0.canMatter(at: now) }
  }
}
