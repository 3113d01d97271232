internal import AblyService
internal import AblyTokens
internal import GRDB
internal import Synchronization

/// Commits what many callers want written in one transaction, so that they share its flush of the disk.
///
/// Whoever comes while a transaction is being committed goes into the next one.
final class CommitQueue: Sendable {
  private struct Work: Sendable {
    /// Writes, and returns what to do after the commit.
    let run: @Sendable (Database) throws -> @Sendable () -> Void
    let fail: @Sendable (ErrorInfo) -> Void
  }

  private struct State {
    var waiting: [Work] = []
    var isCommitting = false
    /// Set once the disk has failed: from then on nobody knows what it holds.
    var failure: ErrorInfo?

    /// Takes out what the next transaction is to write, or what a failed disk never will.
    mutating func next() -> (batch: [Work], failure: ErrorInfo?) {
      defer { waiting = [] }
      isCommitting = failure == nil && !waiting.isEmpty
      return (waiting, failure)
    }
  }

  private let database: DatabaseQueue
  private let state = Locked(State())

  init(_ database: DatabaseQueue) {
    self.database = database
  }

  /// Whether the disk has not failed.
  var isUsable: Bool { state.withLock { $0.failure == nil } }

  /// How many wait for the next transaction.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Returns after the commit. An `ErrorInfo` that `body` throws refuses this caller alone, so it comes before
  /// anything is written; another error fails everybody in the transaction, which is then rolled back.
  ///
  /// - Throws: that `ErrorInfo`; 50004 with status 503 when the transaction failed.
  func commit<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(ErrorInfo) -> Value {
    try await withCheckedContinuation { continuation in
      commit(body) { continuation.resume(returning: $0) }
    }.get()
  }

  /// The same without a task: `done` is called once, on any thread, which it must not hold up.
  func commit<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value,
    done: @escaping @Sendable (Result<Value, ErrorInfo>) -> Void
  ) {
    add(
      Work(
        run: { db in
          let result: Result<Value, ErrorInfo>
          do {
            result = .success(try body(db))
          } catch let refusal as ErrorInfo {
            result = .failure(refusal)
          }
          return { done(result) }
        }, fail: { done(.failure($0)) }))
  }

  private func add(_ work: Work) {
    commit(
      state.withLock { state in
        state.waiting.append(work)
        return state.isCommitting ? ([], nil) : state.next()
      })
  }

  private func commit(_ next: (batch: [Work], failure: ErrorInfo?)) {
    let (batch, failure) = next
    if let failure {
      for work in batch { work.fail(failure) }
      return
    }
    guard !batch.isEmpty else { return }
    database.asyncWrite(
      { db in try batch.map { try $0.run(db) } },
      completion: { [self] _, result in
        switch result {
        case .success(let answers): for answer in answers { answer() }
        case .failure(let error): fail(batch, error)
        }
        commit(state.withLock { $0.next() })
      })
  }

  private func fail(_ batch: [Work], _ error: any Error) {
    let refusal = Self.unavailable(error)
    if (error as? DatabaseError)?.resultCode == .SQLITE_IOERR { state.withLock { $0.failure = refusal } }
    for work in batch { work.fail(refusal) }
  }

  /// What a caller is told of an error of the database.
  static func unavailable(_ error: any Error) -> ErrorInfo {
    guard let error = error as? DatabaseError else { return .storeUnavailable("\(error)") }
    switch error.resultCode {
    case .SQLITE_FULL:
      return .storeUnavailable("the disk is full", remedy: "Make room on the disk; then repeat the request.")
    case .SQLITE_IOERR:
      return .storeUnavailable(
        "the disk failed", remedy: "Check the disk, then start the service again: it takes no writes before.")
    default:
      return .storeUnavailable("SQLite says \(error.resultCode) (\(error.message ?? "no more"))")
    }
  }
}
