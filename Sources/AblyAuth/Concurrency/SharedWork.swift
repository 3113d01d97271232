internal import AblyTokens
internal import Synchronization

/// Lets many callers share one run of the same work.
///
/// The run has a task of its own, so that no caller's cancellation touches the others: whoever is cancelled
/// leaves, and the run is cancelled when nobody is left who waits for it.
final class SharedWork<Value: Sendable>: Sendable {
  private typealias Outcome = Result<Value, ErrorInfo>

  private struct Room: Sendable {
    var turns = Turns()
    var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
    var runner: Task<Void, Never>?

    /// Takes out those who wait, to be told.
    mutating func take(_ tickets: Set<Int>) -> [CheckedContinuation<Outcome, Never>] {
      tickets.compactMap { waiting.removeValue(forKey: $0) }
    }

    /// Takes out the run's task, to be cancelled.
    mutating func takeRunner() -> Task<Void, Never>? {
      defer { runner = nil }
      return runner
    }
  }

  private let room = Locked(Room())

  /// How many callers wait.
  var waitingCount: Int { room.withLock { $0.waiting.count } }

  /// Does the work, or waits for the run of it that is under way.
  ///
  /// - Throws: what the work throws; 40033 when the caller is cancelled.
  func value(
    of work: @escaping @Sendable () async throws(ErrorInfo) -> Value
  ) async throws(ErrorInfo) -> Value {
    let ticket = room.withLock { $0.turns.ticket() }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let entry: Turns.Entry? = room.withLock { room in
          // Asked under the lock: a cancellation from now on finds the continuation.
          if Task.isCancelled { return nil }
          room.waiting[ticket] = continuation
          return room.turns.enter(ticket)
        }
        switch entry {
        case .begin(let run): begin(run, work)
        case .join: break
        case nil: continuation.resume(returning: .failure(.cancelled))
        }
      }
    } onCancel: {
      leave(ticket)
    }
    return try outcome.get()
  }

  /// Ends the run, if there is one: all who wait for it get this value instead.
  func end(with value: Value) {
    let (waiting, runner) = room.withLock { room in (room.take(room.turns.giveUp()), room.takeRunner()) }
    for continuation in waiting { continuation.resume(returning: .success(value)) }
    runner?.cancel()
  }

  private func begin(_ run: Int, _ work: @escaping @Sendable () async throws(ErrorInfo) -> Value) {
    let runner = Task { [self] in
      let outcome: Outcome
      do throws(ErrorInfo) { outcome = .success(try await work()) } catch { outcome = .failure(error) }
      finish(run, outcome)
    }
    let isPresent = room.withLock { room in
      let isPresent = room.turns.isPresent(run)
      if isPresent { room.runner = runner }
      return isPresent
    }
    // It has ended, or nobody waits any more.
    if !isPresent { runner.cancel() }
  }

  private func finish(_ run: Int, _ outcome: Outcome) {
    let waiting = room.withLock { room in
      if room.turns.isPresent(run) { room.runner = nil }
      return room.take(room.turns.finish(run))
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }

  private func leave(_ ticket: Int) {
    let (continuation, runner) = room.withLock { room in
      let isUnwanted = room.turns.leave(ticket)
      return (room.waiting.removeValue(forKey: ticket), isUnwanted ? room.takeRunner() : nil)
    }
    continuation?.resume(returning: .failure(.cancelled))
    runner?.cancel()
  }
}
