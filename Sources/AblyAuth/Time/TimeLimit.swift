internal import AblyTokens
internal import Synchronization

/// Ends what may never end by itself.
///
/// The work has a task of its own: somebody's callback may ignore that it was cancelled, and a task group
/// would wait for it forever. Such work goes on by itself until it ends; nobody waits for it, and
/// what it gives is dropped.
package struct TimeLimit: Sendable {
  let duration: Duration
  let sleep: @Sendable (Duration) async throws -> Void

  /// The limit was reached.
  package struct Reached: Error {}

  /// - Parameter sleep: waits for so long; throws when its task is cancelled.
  package init(duration: Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) {
    self.duration = duration
    self.sleep = sleep
  }

  /// - Throws: what the work throws; ``Reached`` at the limit; `CancellationError` when the caller is
  ///   cancelled. The work is cancelled in both cases.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws
    -> Value
  {
    let race = Race<Value>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard race.begin(continuation) else { return }
        race.enter { try await work() }
        race.enter { [self] in
          try await sleep(duration)
          throw Reached()
        }
      }
    } onCancel: {
      race.end(.failure(CancellationError()))
    }
  }
}

/// Several tasks of which the first to end counts.
private final class Race<Value: Sendable>: Sendable {
  private struct State: Sendable {
    var continuation: CheckedContinuation<Value, any Error>?
    var runners: [Task<Void, Never>] = []
    var isOver = false
  }

  private let state = Locked(State())

  /// - Returns: whether there is anything to run: `false` when the caller was cancelled before.
  func begin(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
    let isOver = state.withLock { state in
      if !state.isOver { state.continuation = continuation }
      return state.isOver
    }
    if isOver { continuation.resume(throwing: CancellationError()) }
    return !isOver
  }

  func enter(_ work: @escaping @Sendable () async throws -> Value) {
    let runner = Task {
      do {
        end(.success(try await work()))
      } catch {
        end(.failure(error))
      }
    }
    let isOver = state.withLock { state in
      if !state.isOver { state.runners.append(runner) }
      return state.isOver
    }
    if isOver { runner.cancel() }
  }

  func end(_ result: Result<Value, any Error>) {
    let (continuation, runners) = state.withLock { state in
      defer {
        state.continuation = nil
        state.runners = []
        state.isOver = true
      }
      return (state.continuation, state.runners)
    }
    continuation?.resume(with: result)
    for runner in runners { runner.cancel() }
  }
}
