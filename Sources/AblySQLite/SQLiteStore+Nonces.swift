public import AblyService
public import AblyTokens
internal import Foundation
internal import GRDB
internal import Synchronization

extension SQLiteStore {
  /// Asks about a nonce and uses it.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored; the nonce counts as not asked about.
  public func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict {
    try await commits.commit(admission(of: use, at: now))
  }

  /// The same without a task; every verdict comes later.
  package func admit(
    _ use: NonceUse, at now: Int64, later: @escaping @Sendable (Result<NonceVerdict, ErrorInfo>) -> Void
  ) -> NonceVerdict? {
    commits.commit(admission(of: use, at: now), done: later)
    return nil
  }

  private func admission(
    of use: NonceUse, at now: Int64
  ) -> @Sendable (Database) throws -> NonceVerdict {
    let (mark, bucket) = (Data(use.mark.bytes), NonceSweep.bucket(of: use.expires))
    return { [self] db in
      let horizon = try sweepNonces(db, at: now)
      guard bucket >= horizon else { return .forgotten }
      try db.cachedStatement(sql: "INSERT INTO nonces (bucket, mark) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .execute(arguments: [bucket, mark])
      return db.changesCount == 1 ? .fresh : .seen
    }
  }

  /// Deletes nonces that are not accepted any more, a bounded number with each commit, so that none waits long.
  ///
  /// - Returns: the first bucket of which nothing is forgotten.
  private func sweepNonces(_ db: Database, at now: Int64) throws -> Int64 {
    let (isDue, horizon) = sweep.withLock { ($0.isDue(at: now), $0.horizon) }
    guard isDue else { return horizon }
    let latest = try Int64.fetchOne(
      db,
      sql: """
        SELECT max(bucket) FROM
          (SELECT bucket FROM nonces WHERE bucket < ? ORDER BY bucket LIMIT \(NonceSweep.limit))
        """, arguments: [NonceSweep.bucket(of: now)])
    guard let latest else {
      sweep.withLock { $0.isDone(at: now) }
      return horizon
    }
    // Only what is really forgotten moves the horizon: a clock that once ran years ahead must not make
    // the store refuse for years.
    try db.execute(
      sql: """
        INSERT INTO numbers (name, value) VALUES ('\(NonceSweep.horizonName)', ?)
        ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)
        """, arguments: [latest + 1])
    try db.execute(
      sql: """
        DELETE FROM nonces WHERE (bucket, mark) IN
          (SELECT bucket, mark FROM nonces WHERE bucket <= ? ORDER BY bucket LIMIT \(NonceSweep.limit))
        """, arguments: [latest])
    let isDone = db.changesCount < NonceSweep.limit
    return sweep.withLock { sweep in
      if isDone { sweep.isDone(at: now) }
      sweep.horizon = max(sweep.horizon, latest + 1)
      return sweep.horizon
    }
  }

  /// What of the nonces' past is on disk.
  static func nonceSweep(_ db: Database) throws -> NonceSweep {
    let horizon = try Int64.fetchOne(
      db, sql: "SELECT value FROM numbers WHERE name = ?", arguments: [NonceSweep.horizonName])
    return NonceSweep(horizon: horizon ?? .min)
  }
}
