internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Synchronization

/// Those who listen to channels.
final class ChannelListeners: Sendable {
  /// Those who listen to one.
  final class Entry: Sendable {
    let changes = EventHub<Numbered<ChannelStateChange>>(buffering: .bufferingNewest(1024))
    let messages = Fanout<Message>()
    let presence = Fanout<PresenceMessage>()

    func finish() {
      changes.finish()
      messages.finish()
      presence.finish()
    }
  }

  private struct Room: Sendable {
    var entries: [String: Entry] = [:]
    var isFinished = false
  }

  private let room = Locked(Room())

  subscript(name: String) -> Entry {
    room.withLock { room in
      if let entry = room.entries[name] { return entry }
      let entry = Entry()
      if room.isFinished { entry.finish() } else { room.entries[name] = entry }
      return entry
    }
  }

  /// Ends all sequences of a channel.
  func remove(_ name: String) {
    room.withLock { $0.entries.removeValue(forKey: name) }?.finish()
  }

  /// Ends all sequences, those that are asked for later too.
  func finish() {
    let entries = room.withLock { room in
      room.isFinished = true
      defer { room.entries = [:] }
      return Array(room.entries.values)
    }
    for entry in entries { entry.finish() }
  }
}
