internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// Stores messages and sends them to all who are there.
  ///
  /// - Parameters:
  ///   - publisher: whose they are, besides their clientId.
  ///   - base: what the ids of messages without one begin with.
  ///   - connectionId: the connection they came by; `nil` over HTTP.
  /// - Returns: a serial for each message.
  mutating func publish(
    _ drafts: [MessageDraft], to address: ChannelAddress, by publisher: String, base: String,
    from connectionId: String? = nil, now: Int64
  ) -> [String] {
    let publication = store.append(
      drafts, to: address, by: publisher, base: base, from: connectionId, now: now)
    deliver(publication.messages, to: address, from: connectionId, now: now)
    return publication.serials
  }

  mutating func deliver(
    _ messages: [StoredMessage], to address: ChannelAddress, from connectionId: String?, now: Int64
  ) {
    guard !messages.isEmpty, let room = rooms[address] else { return }
    var frames: [String: OutgoingFrame] = [:]
    for (id, attachment) in room.attachments
    where attachment.isLive && attachment.modes.contains(.messageSubscribe) {
      if id == connectionId, sessions[id]?.parameters.echoes == false { continue }
      let frame = frames[attachment.wireName] ?? Self.frame(messages, channel: attachment.wireName)
      frames[attachment.wireName] = frame
      send(frame, to: id, now: now)
    }
  }

  static func frame(_ messages: [StoredMessage], channel: String) -> OutgoingFrame {
    var message = ProtocolMessage(.message)
    message.channel = channel
    message.id = messages.first?.id
    message.channelSerial = messages.last?.serial
    message.timestamp = messages.last?.timestamp
    message.messages = messages.map(\.message)
    return OutgoingFrame(message, weight: messages.reduce(0) { $0 + $1.weight })
  }

  /// MESSAGE from a client: ACK with the serials, or NACK (RTL6).
  mutating func publish(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) {
    let wireName = try Self.channel(of: frame)
    let serial = try Self.serial(of: frame)
    do throws(ErrorInfo) {
      guard let principal = sessions[id]?.principal else { throw ConnectionKey.unknown }
      let address = ChannelAddress(appId: principal.appId, name: try names.name(of: wireName))
      let drafts = try drafts(frame, of: principal, id, address, now: now)
      let publisher = principal.key.keyName
      guard sharing == nil else {
        let entry = LogEntry.publish(drafts, to: address, by: publisher, base: "\(id):\(serial)", from: id)
        return propose([entry], for: id, serial: serial, count: drafts.count)
      }
      let publication = store.append(
        drafts, to: address, by: publisher, base: "\(id):\(serial)", from: id, now: now)
      ackPublish(serial, publication.serials, id, now: now)
      deliverSoon(publication.messages, to: address, from: id, now: now)
    } catch {
      deliverNow(now: now)
      nack(serial, error, id, now: now)
    }
  }

  mutating func address(_ wireName: String, _ id: String) throws(ErrorInfo) -> ChannelAddress {
    let name = try names.name(of: wireName)
    guard let appId = sessions[id]?.principal.appId else { throw ConnectionKey.unknown }
    return ChannelAddress(appId: appId, name: name)
  }

  /// - Throws: 40160 where the capability does not allow it, 40165 where the channel was attached without that
  ///   mode, 42911 for more than the token allows in a second, and what ``MessageDraft`` and ``Identity`` do.
  private mutating func drafts(
    _ frame: ClientFrame, of principal: Principal, _ id: String, _ address: ChannelAddress, now: Int64
  ) throws(ErrorInfo) -> [MessageDraft] {
    try principal.require(.publish, on: address.name)
    if let modes = rooms[address]?.attachments[id]?.modes, !modes.contains(.publish) {
      throw ErrorInfo(
        .channelModeNotRequested, "the channel was attached without the mode publish", statusCode: 401)
    }
    var drafts = try MessageDraft.drafts(of: frame.messages)
    try principal.sign(&drafts, on: address.name)
    try takeAllowance(drafts.count, of: id, on: address, principal, now: now)
    return drafts
  }

  private mutating func takeAllowance(
    _ count: Int, of id: String, on address: ChannelAddress, _ principal: Principal, now: Int64
  ) throws(ErrorInfo) {
    guard let rate = principal.publishRate(on: address.name) else { return }
    guard sessions[id]?.mayPublish(count, on: address.name, at: now, rate: rate) == true else {
      throw ErrorInfo(
        .connectionPublishRateExceeded, "the token allows \(rate) messages a second on this channel",
        statusCode: 429)
    }
  }
}
