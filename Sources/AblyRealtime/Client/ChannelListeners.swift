internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Synchronization

/// Those who listen to channels.
final class ChannelListeners: Sendable {
  /// Those who listen to one.
  final class Entry: Sendable {
    let changes = EventHub<Numbered<ChannelStateChange>>(buffering: .bufferingNewest(1024))
    let messages = Fanout<Message> { $0.weight }
    let presence = Fanout<PresenceMessage> { $0.weight }

    func finish() {
      changes.finish()
      messages.finish()
      presence.finish()
    }
  }

  private struct Room: Sendable {
    var entries: [String: Entry] = [:]
    /// Those of channels whose release is decided and has yet to be carried out, in order. What comes before that is
    /// theirs.
    var leaving: [String: [Entry]] = [:]
    var isFinished = false

    mutating func entry(_ name: String) -> Entry {
      if let entry = entries[name] { return entry }
      let entry = Entry()
      if isFinished { entry.finish() } else { entries[name] = entry }
      return entry
    }
  }

  private let room = Locked(Room())

  /// Those who listen to a channel from now on.
  subscript(name: String) -> Entry { room.withLock { $0.entry(name) } }

  /// Those who are told what is carried out now.
  func told(_ name: String) -> Entry {
    room.withLock { $0.leaving[name]?.first ?? $0.entry(name) }
  }

  /// It is decided that a channel is released: whoever listens from now on listens to another one.
  func leave(_ name: String) {
    room.withLock { room in
      room.leaving[name, default: []].append(room.entry(name))
      room.entries[name] = nil
    }
  }

  /// The release is carried out: ends all sequences of the channel.
  func remove(_ name: String) {
    let entry = room.withLock { room in
      let entry = room.leaving[name]?.removeFirst()
      if room.leaving[name]?.isEmpty == true { room.leaving[name] = nil }
      return entry
    }
    entry?.finish()
  }

  /// Ends all sequences, those that are asked for later too.
  func finish() {
    let entries = room.withLock { room in
      room.isFinished = true
      defer { (room.entries, room.leaving) = ([:], [:]) }
      return Array(room.entries.values) + room.leaving.values.joined()
    }
    for entry in entries { entry.finish() }
  }
}
