/// The allowances of one connection, for the channels on which its token sets a rate.
struct PublishAllowances: Sendable {
  private var byChannel: [ChannelName: PublishAllowance] = [:]
  private var sweepsAt = 64

  /// How many channels are remembered.
  var count: Int { byChannel.count }

  /// Whether `count` messages may be published on a channel at `now`, of at most `rate` in each second.
  mutating func take(_ count: Int, on channel: ChannelName, at now: Int64, rate: Int) -> Bool {
    if byChannel.count >= sweepsAt, byChannel[channel] == nil {
      byChannel = byChannel.filter { !$0.value.isOver(at: now) }
      sweepsAt = max(64, 2 * byChannel.count)
    }
    return byChannel[channel, default: PublishAllowance()].take(count, at: now, rate: rate)
  }
}
