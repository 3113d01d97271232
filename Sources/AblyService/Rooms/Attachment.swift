internal import AblyTokens
internal import AblyWire

/// What one connection has to do with one channel.
struct Attachment: Sendable {
  /// The channel as its client writes it: with params, where it does.
  let wireName: String

  /// What was asked for; empty for all there is.
  let wanted: ProtocolFlags

  /// What was granted.
  private(set) var modes: ProtocolFlags

  /// Whether anything is delivered: not while the client is away, nor before it has attached again.
  var isLive = true

  /// The serial from which on its client has been there, and might subscribe, or was sent what came before: what is
  /// older is history, for which there is another capability. `nil` where it may not subscribe.
  private(set) var since: String?

  /// - Parameter since: from which serial on its client may know what is published, if it may subscribe.
  init(wireName: String, wanted: ProtocolFlags, modes: ProtocolFlags, since: String) {
    self.wireName = wireName
    self.wanted = wanted
    self.modes = modes
    self.since = modes.contains(.messageSubscribe) ? since : nil
  }

  /// Its client may do something else from the moment of this serial on.
  mutating func change(_ modes: ProtocolFlags, at mark: String) {
    self.modes = modes
    since = modes.contains(.messageSubscribe) ? since ?? mark : nil
  }
}

extension ProtocolFlags {
  /// The bits that stand for a mode of a channel (TB2d).
  static let modes: Self = [.presence, .publish, .messageSubscribe, .presenceSubscribe]
}

extension Principal {
  /// What a client may do on a channel that it attaches.
  func modes(on channel: ChannelName, wanted: ProtocolFlags) -> ProtocolFlags {
    var modes: ProtocolFlags = []
    if capability.allows(.publish, on: channel.text) { modes.insert(.publish) }
    if capability.allows(.presence, on: channel.text) { modes.insert(.presence) }
    if capability.allows(.subscribe, on: channel.text) {
      modes.formUnion([.messageSubscribe, .presenceSubscribe])
    }
    return wanted.isEmpty ? modes : modes.intersection(wanted)
  }
}
