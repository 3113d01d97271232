internal import AblyTokens
internal import Synchronization

/// Hands each event to everybody who listens.
package final class EventHub<Event: Sendable>: Sendable {
  private struct Room: Sendable {
    var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    var lastId = 0
    var isFinished = false
  }

  private let room = Locked(Room())
  private let buffering: AsyncStream<Event>.Continuation.BufferingPolicy

  /// - Parameter buffering: what becomes of events for somebody who does not read.
  package init(buffering: AsyncStream<Event>.Continuation.BufferingPolicy = .bufferingNewest(64)) {
    self.buffering = buffering
  }

  /// All events from now on.
  package func subscribe() -> AsyncStream<Event> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: buffering)
    let id: Int? = room.withLock { room in
      guard !room.isFinished else { return nil }
      room.lastId += 1
      room.listeners[room.lastId] = continuation
      return room.lastId
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.room.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
    return stream
  }

  /// How many listen.
  package var listenerCount: Int { room.withLock(\.listeners.count) }

  package func send(_ event: Event) {
    for listener in room.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
  }

  /// Ends all sequences, those that are asked for later too.
  package func finish() {
    let listeners = room.withLock { room in
      room.isFinished = true
      defer { room.listeners = [:] }
      return Array(room.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
