internal import AblyTokens

/// The channels of all apps, in memory.
///
/// A channel comes to be with its first message and keeps its latest 10 000, or 16 MiB of them, until the
/// process ends. How many channels there are is up to those who may publish.
struct ChannelStore: Sendable {
  private var logs: [ChannelAddress: ChannelLog] = [:]
  private var serials: SerialSource

  init(node: String) {
    serials = SerialSource(node: node)
  }

  /// Appends the messages of one publish, and gives a serial for each.
  ///
  /// A message whose id the channel already holds was published before: it is not stored again and its first
  /// serial is given, so that a publish can safely be repeated (RSL1k).
  ///
  /// - Parameter base: what the ids of messages without one begin with.
  mutating func append(
    _ drafts: [MessageDraft], to channel: ChannelAddress, base: String, now: Int64
  ) -> [String] {
    let publication = serials.next(at: now)
    return drafts.enumerated().map { index, draft in
      if let id = draft.id, let serial = logs[channel]?.serial(ofId: id) { return serial }
      let message = StoredMessage(
        draft, id: "\(base):\(index)", serial: publication.serial(at: index), timestamp: publication.timestamp
      )
      logs[channel, default: ChannelLog()].append(message)
      return message.serial
    }
  }

  /// One page of a channel's messages.
  func history(of channel: ChannelAddress, _ query: HistoryQuery) -> HistoryPage {
    query.page(of: logs[channel]?.messages ?? [])
  }
}
