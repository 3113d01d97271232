internal import AblyAuth
internal import AblyTokens
internal import AblyWire

@testable internal import AblyRealtime

/// What the service and the network do.
extension MachineWorld {
  mutating func lose() {
    guard let socket = sockets.randomElement(using: &random) else { return }
    sockets = []
    on(.lost(socket, .broken, isHostFailure: Bool.random(using: &random)))
  }

  mutating func doDuty() {
    guard let index = duties.indices.randomElement(using: &random) else { return frame() }
    switch duties.remove(at: index) {
    case .authenticate(let number, let refusedSerial, let found): authenticate(number, refusedSerial, found)
    case .reauthenticate:
      if Bool.random(using: &random) { tell(newToken()) { .renewed($0) } } else { on(.notRenewed(.broken)) }
    case .find(let number):
      let other = Origin(isSecure: true, host: "other.example.com", port: 443)
      on(.alternatives(number, Bool.random(using: &random) ? [other] : []))
    case .confirm(let socket): receive(socket, connectedFrame())
    case .answer(let socket, let message): answer(socket, message)
    }
  }

  private mutating func authenticate(_ number: Int, _ refusedSerial: Int?, _ found: Credentials?) {
    guard Int.random(in: 0..<8, using: &random) > (isGloomy ? 5 : 0) else {
      return on(.notAuthenticated(number, .broken))
    }
    if token == nil || token?.serial == refusedSerial { _ = newToken() }
    // Whoever looked it up may have done so when it was asked for, or just now.
    let old = found?.serial == refusedSerial ? nil : found
    if let token = Bool.random(using: &random) ? old ?? token : token {
      tell(token) { .authenticated(number, $0) }
    }
  }

  private mutating func answer(_ socket: Int, _ message: ProtocolMessage) {
    var answer: ProtocolMessage
    switch message.action {
    case .attach:
      answer = ProtocolMessage(Int.random(in: 0..<5, using: &random) == 0 ? .detached : .attached)
      if Bool.random(using: &random) { answer.flags = [.hasPresence, .resumed] }
    case .detach: answer = ProtocolMessage(.detached)
    case .message, .presence:
      answer = ProtocolMessage(Int.random(in: 0..<5, using: &random) == 0 ? .nack : .ack)
      answer.msgSerial = message.msgSerial
    case .heartbeat:
      answer = ProtocolMessage(.heartbeat)
      answer.id = message.id
    case .close: answer = ProtocolMessage(.closed)
    case .auth: answer = connectedFrame()
    default: return
    }
    answer.channel = answer.action == .ack || answer.action == .nack ? nil : message.channel
    receive(socket, answer)
  }

  private mutating func connectedFrame() -> ProtocolMessage {
    var message = ProtocolMessage(.connected)
    // Most go on with what there was.
    let id = Bool.random(using: &random) ? connectionId : nil
    message.connectionId = id ?? pick(["one", "two", "three", nil])
    if Int.random(in: 0..<4, using: &random) > 0 { message.connectionDetails = details() }
    if Int.random(in: 0..<5, using: &random) == 0 { message.error = .broken }
    return message
  }

  private mutating func details() -> ConnectionDetails {
    var details = ConnectionDetails()
    lastKey += 1
    if Int.random(in: 0..<8, using: &random) > 0 { details.connectionKey = Secret("key-\(lastKey)") }
    details.clientId = Int.random(in: 0..<20, using: &random) == 0 ? "somebody else" : "me"
    details.maxIdleInterval = pick([.seconds(15), .seconds(15), .zero, nil])
    details.connectionStateTTL = pick([nil, nil, .seconds(120), .seconds(1), .zero, .seconds(1_000_000_000)])
    let usual = isHeavy ? 64 << 20 : 65_536
    details.maxMessageSize = pick([nil, nil, usual, usual, 1000, 0])
    details.maxFrameSize = pick([nil, nil, 2 * usual, 2 * usual, 70_000, 0])
    return details
  }

  /// Something that nobody asked for.
  mutating func frame() {
    let actions = Array(-1...22) + [1, 2, 4, 6, 9, 9, 11, 13, 14, 16, 17]
    var message = ProtocolMessage(ProtocolAction(rawValue: pick(actions)))
    if message.action == .connected { message = connectedFrame() }
    if message.action != .connected, Int.random(in: 0..<4, using: &random) > 0 {
      message.channel = pick(Self.names + ["nobody"])
    }
    message.error = pick([nil, .broken, .expired, .refusal, .forbidden])
    message.msgSerial = pick([nil, 0, 1, 5, .max, .min])
    message.count = pick([nil, 0, 1, 3, .max, .min])
    message.channelSerial = pick([nil, "", "s", "s:", "s:c", "t:c"])
    if message.action != .connected { message.connectionId = pick(Self.connectionIds) }
    message.id = "\(message.connectionId ?? "one"):\(UInt8.random(in: 0...9, using: &random))"
    let action = PresenceAction(rawValue: Int.random(in: -1...6, using: &random))
    message.presence = [PresenceMessage(action: action, clientId: pick(["me", "x", "y", "z", nil]))]
    message.messages = [Message(name: "m")]
    receive(Int.random(in: 0..<6, using: &random) == 0 ? 1 : sockets.first ?? 1, message)
  }

  /// Who is there: mostly on this connection, under many names.
  mutating func members() {
    var message = ProtocolMessage(pick([.presence, .sync]))
    message.channel = attachedName()
    message.connectionId = Int.random(in: 0..<4, using: &random) > 0 ? connectionId : pick(Self.connectionIds)
    message.id = "\(message.connectionId ?? "one"):\(UInt8.random(in: 0...99, using: &random))"
    message.channelSerial = pick([nil, "s:", "s:c"])
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let action = pick([PresenceAction.enter, .update, .present, .leave])
      message.presence.append(
        PresenceMessage(action: action, clientId: pick(Self.people), data: pick(Self.texts)))
    }
    receive(sockets.first ?? 1, message)
  }

  /// The service attaches a channel that is attached.
  mutating func attachedAgain() {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      var message = ProtocolMessage(.attached)
      message.channel = attachedName()
      if Int.random(in: 0..<4, using: &random) == 0 { message.flags = [.hasPresence, .resumed] }
      receive(sockets.first ?? 1, message)
    }
  }

  private mutating func attachedName() -> String {
    let names = Self.names.filter { channelStates[$0] == .attached }
    return names.isEmpty ? pick(Self.names) : pick(names)
  }

  private mutating func receive(_ socket: Int, _ message: ProtocolMessage) {
    if message.action == .connected, sockets.contains(socket) { note(message) }
    on(.frame(socket, message))
    if let serial = bench.machine.refused?.credentials.serial { refused.insert(serial) }
  }

  /// What the service says of the connection holds from then on.
  private mutating func note(_ message: ProtocolMessage) {
    let key = message.connectionDetails?.connectionKey?.text
    switch (isConfirmed, state) {
    case (false, .connecting):
      // One without a name is never the one before.
      if connectionId == nil || connectionId != message.connectionId {
        (connectionId, connectionKey) = (nil, nil)
      }
      fallthrough
    case (true, .connected):
      if let id = message.connectionId, id != connectionId { (connectionId, connectionKey) = (id, nil) }
      connectionKey = key ?? connectionKey
    default: break
    }
    isConfirmed = true
  }
}
