internal import AblyTokens
internal import Synchronization

/// Lets many callers share one run of the same work.
///
/// The first does the work in its own task, so that it is cancelled with it and outlives nobody; those who
/// come meanwhile wait and get its result, value or error. When the one who works is cancelled, the next of
/// those who wait starts the work anew. A cancelled caller leaves all others alone.
final class SharedWork<Value: Sendable>: Sendable {
  private enum Call: Sendable {
    case work
    case done(Result<Value, ErrorInfo>)
    case cancelled
  }

  private struct Room: Sendable {
    var turns = Turns()
    var waiting: [Int: CheckedContinuation<Call, Never>] = [:]
  }

  private let room = Locked(Room())

  /// How many callers wait for the one who works.
  var waitingCount: Int { room.withLock { $0.waiting.count } }

  /// Does the work, or waits for somebody else who does the same.
  ///
  /// - Throws: what the work throws; 40033 when the caller is cancelled while it waits.
  func value(
    of work: () async throws(ErrorInfo) -> Value
  ) async throws(ErrorInfo) -> Value {
    switch await turn() {
    case .work: try await lead(work)
    case .done(let result): try result.get()
    case .cancelled: throw .cancelled
    }
  }

  private func turn() async -> Call {
    let ticket = room.withLock { $0.turns.ticket() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let call: Call? = room.withLock { room in
          // Asked under the lock: a cancellation from now on finds the continuation.
          if Task.isCancelled { return .cancelled }
          switch room.turns.enter(ticket) {
          case .work: return .work
          case .wait:
            room.waiting[ticket] = continuation
            return nil
          }
        }
        if let call { continuation.resume(returning: call) }
      }
    } onCancel: {
      let continuation = room.withLock { room in
        room.turns.leave(ticket)
        return room.waiting.removeValue(forKey: ticket)
      }
      continuation?.resume(returning: .cancelled)
    }
  }

  private func lead(_ work: () async throws(ErrorInfo) -> Value) async throws(ErrorInfo) -> Value {
    do throws(ErrorInfo) {
      let value = try await work()
      finish(.success(value))
      return value
    } catch {
      if Task.isCancelled { handOver() } else { finish(.failure(error)) }
      throw error
    }
  }

  private func finish(_ result: Result<Value, ErrorInfo>) {
    let waiting = room.withLock { room in
      room.turns.finish().compactMap { room.waiting.removeValue(forKey: $0) }
    }
    for continuation in waiting { continuation.resume(returning: .done(result)) }
  }

  private func handOver() {
    let next = room.withLock { room in
      room.turns.handOver().flatMap { room.waiting.removeValue(forKey: $0) }
    }
    next?.resume(returning: .work)
  }
}

extension ErrorInfo {
  /// The task that asked was cancelled.
  static let cancelled = ErrorInfo(.operationCanceled, "the task was cancelled", statusCode: 0)
}
