internal import AblyTokens
internal import AblyWire

/// The channels of all apps, in memory.
///
/// A channel comes to be with its first message and keeps its latest 10 000, or 16 MiB of them, until the
/// process ends. How many channels there are is up to those who may publish.
struct ChannelStore: Sendable {
  private var logs: [ChannelAddress: ChannelLog] = [:]
  private var presence: [ChannelAddress: ChannelLog] = [:]
  private var serials: SerialSource

  init(node: String) {
    serials = SerialSource(node: node)
  }

  /// What became of one publish.
  struct Publication: Sendable {
    /// One for each message, in order.
    var serials: [String] = []
    /// The messages that were not published before.
    var messages: [StoredMessage] = []
  }

  /// Appends the messages of one publish, and gives a serial for each.
  ///
  /// A message whose id the channel already holds was published before: it is not stored again and its first
  /// serial is given, so that a publish can safely be repeated (RSL1k).
  ///
  /// - Parameters:
  ///   - base: what the ids of messages without one begin with.
  ///   - connectionId: the connection they came by; `nil` over HTTP.
  mutating func append(
    _ drafts: [MessageDraft], to channel: ChannelAddress, base: String, from connectionId: String? = nil,
    now: Int64
  ) -> Publication {
    let moment = serials.next(at: now)
    var publication = Publication()
    for (index, draft) in drafts.enumerated() {
      let id = draft.id ?? "\(base):\(index)"
      if let serial = logs[channel]?.serial(ofId: id) {
        publication.serials.append(serial)
        continue
      }
      let message = StoredMessage(
        draft, id: id, serial: moment.serial(at: index), timestamp: moment.timestamp,
        connectionId: connectionId)
      logs[channel, default: ChannelLog()].append(message)
      publication.serials.append(message.serial)
      publication.messages.append(message)
    }
    return publication
  }

  /// Appends a change of a member to the channel's other history.
  mutating func append(
    _ action: PresenceAction, _ draft: MessageDraft, id: String, to channel: ChannelAddress,
    from connectionId: String, now: Int64
  ) -> StoredMessage {
    let moment = serials.next(at: now)
    let change = StoredMessage(
      draft, id: id, serial: moment.serial(at: 0), timestamp: moment.timestamp, connectionId: connectionId,
      presenceAction: action)
    presence[channel, default: ChannelLog()].append(change)
    return change
  }

  /// A serial for this moment: what was published before is less, what will be is greater.
  mutating func mark(at now: Int64) -> String { serials.next(at: now).serial(at: 0) }

  /// What was published after a serial, oldest first; `nil` where some of it is not kept, or the serial is
  /// not from here.
  func backlog(of channel: ChannelAddress, after serial: String) -> ArraySlice<StoredMessage>? {
    guard serials.made(serial) else { return nil }
    guard let log = logs[channel] else { return [] }
    return log.isWhole(after: serial) ? log.messages(after: serial) : nil
  }

  /// The latest of a channel's messages, at most `count`, and none from before `start`; oldest first.
  func latest(_ count: Int, of channel: ChannelAddress, since start: Int64) -> ArraySlice<StoredMessage> {
    let latest = logs[channel]?.messages.suffix(count) ?? []
    return latest.drop { $0.timestamp < start }
  }

  /// One page of a channel's messages.
  func history(of channel: ChannelAddress, _ query: HistoryQuery) -> HistoryPage {
    query.page(of: logs[channel]?.messages ?? [])
  }

  /// One page of what became of a channel's members.
  func presenceHistory(of channel: ChannelAddress, _ query: HistoryQuery) -> HistoryPage {
    query.page(of: presence[channel]?.messages ?? [])
  }
}
