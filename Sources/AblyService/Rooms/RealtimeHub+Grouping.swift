internal import AblyTokens
internal import AblyWire

/// What follows from several publishes that a client made at once: one ACK for those that succeeded, and one frame
/// with their messages for all who are there.
extension RealtimeHub {
  /// An ACK that more publishes may be added to (TR4g), at its place among the effects.
  struct OpenAck: Sendable {
    let connectionId: String
    let transport: TransportID
    let place: Int
    var message: ProtocolMessage

    func takes(_ serial: Int64, of id: String) -> Bool {
      guard id == connectionId, let first = message.msgSerial, let count = message.count else { return false }
      return serial - first == count
    }

    mutating func add(_ serials: [String]) {
      message.count = (message.count ?? 0) + 1
      message.results.append(serials)
    }
  }

  /// Messages that others of the same publisher may be added to.
  struct OpenDelivery: Sendable {
    let address: ChannelAddress
    let connectionId: String?
    var messages: [StoredMessage]
    var weight: Int

    func takes(_ count: Int, _ weight: Int, on address: ChannelAddress, from connectionId: String?) -> Bool {
      address == self.address && connectionId == self.connectionId
        && messages.count + count <= RealtimeHub.maximumFrameCount
        && self.weight + weight <= RealtimeHub.maximumFrameWeight
    }

    mutating func add(_ messages: [StoredMessage], _ weight: Int) {
      self.messages += messages
      self.weight += weight
    }
  }

  /// A publish succeeded. Its ACK comes before its messages come back.
  mutating func ackPublish(_ serial: Int64, _ serials: [String], _ id: String, now: Int64) {
    if openAck?.takes(serial, of: id) == true {
      openAck?.add(serials)
      return
    }
    closeAck()
    guard let transport = transport(sendingTo: id, now: now) else { return }
    var message = ProtocolMessage(.ack)
    message.msgSerial = serial
    message.count = 1
    message.results = [serials]
    openAck = OpenAck(connectionId: id, transport: transport, place: reserve(), message: message)
  }

  /// Nothing is added to the ACK any more.
  mutating func closeAck() {
    guard let ack = openAck else { return }
    openAck = nil
    replace(at: ack.place, .send(ack.transport, OutgoingFrame(ack.message)))
  }

  /// Sends messages to all who are there, along with those that follow.
  mutating func deliverSoon(
    _ messages: [StoredMessage], to address: ChannelAddress, from connectionId: String?, now: Int64
  ) {
    guard !messages.isEmpty else { return }
    let weight = messages.reduce(0) { $0 + $1.weight }
    if openDelivery?.takes(messages.count, weight, on: address, from: connectionId) == true {
      openDelivery?.add(messages, weight)
      return
    }
    deliverNow(now: now)
    openDelivery = OpenDelivery(
      address: address, connectionId: connectionId, messages: messages, weight: weight)
  }

  /// Sends what was to be sent soon: before anything else is.
  mutating func deliverNow(now: Int64) {
    guard let delivery = openDelivery else { return }
    openDelivery = nil
    deliver(delivery.messages, to: delivery.address, from: delivery.connectionId, now: now)
  }
}
