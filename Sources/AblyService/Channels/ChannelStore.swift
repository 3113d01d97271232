internal import AblyTokens
internal import AblyWire

/// The channels of all apps, in memory.
///
/// A channel comes to be with its first message and keeps its latest 10 000, or 16 MiB of them, until the
/// process ends, its app is deleted, or all channels together take more than 256 MiB, their names included: then
/// those go in which nothing was published for the longest time.
struct ChannelStore: Sendable {
  private var logs: [ChannelAddress: ChannelLog] = [:]
  private var presence: [ChannelAddress: ChannelLog] = [:]
  private var serials: SerialSource

  /// Serials of the log of a cluster, where there is one, and the one up to which it is kept here.
  private var shared: (serials: LogSerials, mark: String)?

  /// What all of them may take, in bytes.
  let maximumWeight: Int
  private var weight = 0

  /// The latest serial of what had to go with its channel.
  private var lastEvicted: String?

  init(node: String, maximumWeight: Int = 256 << 20) {
    serials = SerialSource(node: node)
    self.maximumWeight = maximumWeight
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
  /// A message whose id its publisher has used in the channel was published before: it is not stored again and its
  /// first serial is given, so that a publish can safely be repeated (RSL1k). Ids of somebody else do not count:
  /// whoever guesses the next id of another's must not be able to silence them.
  ///
  /// - Parameters:
  ///   - publisher: whose they are, besides their clientId.
  ///   - base: what the ids of messages without one begin with.
  ///   - connectionId: the connection they came by; `nil` over HTTP.
  mutating func append(
    _ drafts: [MessageDraft], to channel: ChannelAddress, by publisher: String, base: String,
    from connectionId: String? = nil, now: Int64
  ) -> Publication {
    let moment = serials.next(at: now)
    var publication = Publication()
    change(channel) { log in
      var added = 0
      for (index, draft) in drafts.enumerated() {
        // An id that the service makes is the connection's, another its author's.
        let identity = MessageIdentity(
          id: draft.id ?? "\(base):\(index)",
          publisher: draft.id == nil ? base : "\(publisher)\n\(draft.clientId ?? "")")
        if let serial = log.serial(of: identity) {
          publication.serials.append(serial)
          continue
        }
        let message = StoredMessage(
          draft, identity, serial: moment.serial(at: index), timestamp: moment.timestamp,
          connectionId: connectionId)
        added += log.append(message)
        publication.serials.append(message.serial)
        publication.messages.append(message)
      }
      return added
    }
    return publication
  }

  mutating func keep(_ message: StoredMessage, in channel: ChannelAddress) {
    change(channel) { $0.append(message) }
  }

  /// Lets the log of a channel, which is made where there is none, take something in.
  ///
  /// - Parameter body: says by how much its weight has changed.
  private mutating func change(_ channel: ChannelAddress, _ body: (inout ChannelLog) -> Int) {
    let lastEvicted = lastEvicted
    weight += body(
      &logs[channel, default: ChannelLog(after: lastEvicted, weight: ChannelLog.weight(of: channel))])
    if weight > maximumWeight { evict(but: channel) }
  }

  /// Lets go of a quarter of the channels at once, so that it is seldom done.
  private mutating func evict(but channel: ChannelAddress) {
    var latest = logs.compactMapValues(\.latestSerial)
    latest.merge(presence.compactMapValues(\.latestSerial)) { max($0, $1) }
    latest[channel] = nil
    for (index, old) in latest.sorted(by: { $0.value < $1.value }).enumerated() {
      guard weight > maximumWeight || index <= latest.count / 4 else { return }
      forget(old.key)
      lastEvicted = max(lastEvicted ?? "", old.value)
    }
  }

  /// Everything of an app that is gone.
  mutating func remove(app appId: String) {
    for channel in logs.keys.filter({ $0.appId == appId }) { forget(channel) }
    for channel in presence.keys.filter({ $0.appId == appId }) { forget(channel) }
  }

  private mutating func forget(_ channel: ChannelAddress) {
    weight -= logs.removeValue(forKey: channel)?.totalWeight ?? 0
    weight -= presence.removeValue(forKey: channel)?.totalWeight ?? 0
  }

  /// Appends a change of a member to the channel's other history.
  mutating func append(
    _ action: PresenceAction, _ draft: MessageDraft, id: String, to channel: ChannelAddress,
    from connectionId: String, now: Int64
  ) -> StoredMessage {
    let moment = serials.next(at: now)
    let change = StoredMessage(
      draft, MessageIdentity(id: draft.id ?? id), serial: moment.serial(at: 0), timestamp: moment.timestamp,
      connectionId: connectionId, presenceAction: action)
    weight += presence[channel, default: ChannelLog(weight: ChannelLog.weight(of: channel))].append(change)
    if weight > maximumWeight { evict(but: channel) }
    return change
  }

  /// A serial for this moment: what was published before is less, what will be is greater.
  mutating func mark(at now: Int64) -> String {
    if let shared { return shared.mark }
    return serials.next(at: now).serial(at: 0)
  }

  /// Keeps what a log of a cluster has after a place, from now on.
  mutating func share(_ serials: LogSerials, from position: LogPosition) {
    shared = (serials, serials.mark(position))
    lastEvicted = serials.mark(position)
  }

  /// Everything up to a place of the log is kept.
  mutating func advance(to position: LogPosition) {
    if let serials = shared?.serials { shared = (serials, serials.mark(position)) }
  }

  /// What was published after a serial, oldest first; `nil` where some of it is not kept, or the serial is
  /// not from here.
  func backlog(of channel: ChannelAddress, after serial: String) -> ArraySlice<StoredMessage>? {
    guard shared?.serials.made(serial) ?? serials.made(serial) else { return nil }
    guard let log = logs[channel] else { return lastEvicted.map { $0 <= serial } ?? true ? [] : nil }
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
