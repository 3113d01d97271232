internal import AblyTokens
internal import AblyWire

/// What one connection has to do with one channel.
struct Attachment: Sendable {
  /// The channel as its client writes it: with params, where it does.
  let wireName: String

  /// What was asked for; empty for all there is.
  let wanted: ProtocolFlags

  /// What was granted.
  var modes: ProtocolFlags

  /// Whether anything is delivered: not while the client is away, nor before it has attached again.
  var isLive = true

  /// The serial from which on its client has been there, or was sent what came before: what is older is history,
  /// for which there is another capability.
  var since = ""
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
