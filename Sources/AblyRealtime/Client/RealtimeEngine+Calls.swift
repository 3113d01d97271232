internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Synchronization

extension RealtimeEngine {
  /// Asks for something, and waits for what becomes of it.
  ///
  /// - Parameter isOwed: whether the machine has to learn of it although the task was cancelled before.
  /// - Throws: 40033 when the task is cancelled; what was asked for goes on.
  nonisolated(nonsending) func call(
    isOwed: Bool = false, _ event: (Ticket) -> RealtimeEvent
  ) async throws(ErrorInfo) -> Answer {
    let ticket = newTicket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        var isCancelled = false
        handle(event(ticket)) { room in
          // Asked under the lock: a cancellation from now on finds the continuation.
          isCancelled = Task.isCancelled
          if !isCancelled { room.callers[ticket] = continuation }
          return !isCancelled || isOwed
        }
        if isCancelled { continuation.resume(returning: .failure(.cancelled)) }
      }
    } onCancel: {
      complete(ticket, .failure(.cancelled))
    }
    return try result.get()
  }

  /// Asks for something of a channel, and waits for what becomes of it.
  nonisolated(nonsending) func call(
    _ channel: String, _ request: (Ticket) -> ChannelRequest
  ) async throws(ErrorInfo) -> Answer {
    try await call { .channel(channel, request($0)) }
  }

  /// A number for somebody who waits.
  func newTicket() -> Ticket { lastTicket.wrappingAdd(1, ordering: .relaxed).newValue }

  func complete(_ ticket: Ticket, _ result: Result<Answer, ErrorInfo>) {
    room.withLock { $0.callers.removeValue(forKey: ticket) }?.resume(returning: result)
  }
}
