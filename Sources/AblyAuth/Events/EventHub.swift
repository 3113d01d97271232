internal import AblyTokens
internal import Synchronization

/// Hands each event to everybody who listens.
final class EventHub<Event: Sendable>: Sendable {
  /// How many events wait for somebody who does not read; the oldest go first.
  private static var patience: Int { 64 }

  private struct Room: Sendable {
    var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    var lastId = 0
  }

  private let room = Locked(Room())

  /// All events from now on.
  func subscribe() -> AsyncStream<Event> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: .bufferingNewest(Self.patience))
    let id = room.withLock { room in
      room.lastId += 1
      room.listeners[room.lastId] = continuation
      return room.lastId
    }
    continuation.onTermination = { [weak self] _ in
      self?.room.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
    return stream
  }

  func send(_ event: Event) {
    for listener in room.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
  }

  /// Ends all sequences.
  func finish() {
    let listeners = room.withLock { room in
      defer { room.listeners = [:] }
      return Array(room.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
