internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

/// What must hold.
extension MachineWorld {
  /// After each event.
  mutating func checkWhole() {
    let machine = bench.machine
    #expect(machine.state == state)
    #expect(machine.id == connectionId && machine.key?.text == connectionKey)
    #expect(machine.channels.count <= Self.names.count)
    for channel in machine.channels.values {
      let own = channel.presence.own.count
      #expect(own <= Self.people.count)
      #expect(channel.presence.present.count <= (Self.people.count + 1) * Self.connectionIds.count)
      if own == Self.people.count { reached.events.insert(.manyOwn) }
    }
    if let next = machine.deadlines.next { #expect(next >= bench.now) }
    checkOutbox()
  }

  /// What is kept is counted, belongs to somebody who was not told what became of it, and is not more than may be.
  private func checkOutbox() {
    let machine = bench.machine
    let held = machine.channels.values.flatMap(\.held)
    let unconfirmed = Array(machine.outbox.unconfirmed)
    Self.expect(machine.outbox.load, of: unconfirmed + machine.outbox.waiting)
    Self.expect(machine.held, of: held)
    var (owners, members): (Set<Ticket>, Set<Outbox.Reentry>) = ([], [])
    var load = OutboundLoad()
    for entry in unconfirmed + machine.outbox.waiting + held {
      switch entry.owner {
      case .ticket(let ticket):
        load.add(entry.size)
        let isFirst = owners.insert(ticket).inserted
        #expect(isFirst && outcomes[ticket] == nil)
      case .reentry(let member):
        let isFirst = members.insert(member).inserted
        #expect(isFirst, "somebody enters twice")
      }
    }
    #expect(load.count <= OutboundLoad.maximumCount && load.bytes <= OutboundLoad.maximumBytes)
    let serials = unconfirmed.compactMap(\.message.msgSerial)
    #expect(serials.count == unconfirmed.count && zip(serials, serials.dropFirst()).allSatisfy { $0 < $1 })
    #expect(serials.allSatisfy { $0 < machine.outbox.nextSerial })
  }

  private static func expect(_ load: OutboundLoad, of entries: [Outbox.Entry]) {
    #expect(load.count == entries.count && load.bytes == entries.reduce(0) { $0 + $1.size })
  }

  mutating func check(_ effect: RealtimeEffect) {
    switch effect {
    case .complete(let ticket, let result):
      outcomes[ticket, default: 0] += 1
      if case .failure(let error) = result { note(error) }
    case _ where isOver: Issue.record("\(effect) after the end")
    case .authenticate(let number, let old, _):
      duties.append(.authenticate(number, refused: old?.serial, found: token))
    case .reauthenticate: duties.append(.reauthenticate)
    case .findAlternatives(let number): duties.append(.find(number))
    case .open(let number, let opening): opened(number, opening)
    case .send(let message): sent(message)
    case .drop:
      sockets = []
      duties.removeAll { if case .answer = $0 { true } else { false } }
    case .changed(let change): changed(change)
    case .channelChanged(let name, let change): channelChanged(name, change)
    case .released(let name): channelStates[name] = nil
    case .messages(let name, _), .presence(let name, _):
      #expect(channelStates[name] == .attached, "messages outside an attachment")
    case .over: isOver = true
    case .identified, .stands, .warn: break
    }
  }

  private mutating func note(_ error: ErrorInfo) {
    switch error.code {
    case .maxMessageSizeExceeded:
      reached.events.insert(error.message.contains("frame") ? .frameTooLarge : .tooLarge)
    case .connectionPublishRateExceeded: reached.events.insert(.tooMuch)
    default: break
    }
  }

  private mutating func opened(_ number: Int, _ opening: Opening) {
    #expect(sockets.isEmpty, "two sockets at once")
    #expect(!hasEnded && state == .connecting)
    #expect((opening.credentials.serial ?? 0) >= told, "an old token on a new socket")
    #expect(!refused.contains(opening.credentials.serial ?? 0), "a refused token on a new socket")
    #expect(opening.resume?.text == connectionKey, "the key of another connection")
    if opening.resume != nil { reached.events.insert(.resumed) }
    if opening.recover != nil {
      #expect(isRecovering && opening.resume == nil)
      #expect(reached.states.isDisjoint(with: [.connected, .closed, .failed]))
      reached.events.insert(.recovered)
    }
    sockets = [number]
    isConfirmed = false
    duties.append(.confirm(number))
  }

  private mutating func sent(_ message: ProtocolMessage) {
    #expect(sockets.count == 1, "a frame without a socket")
    if message.action != .close { #expect(bench.machine.state != .failed) }
    if message.action == .auth {
      #expect(message.accessToken?.text == "token-\(told)", "an old token in an AUTH")
    }
    if message.action == .message || message.action == .presence { sentToBeConfirmed(message) }
    if message.msgSerial == nil || unwritten.last != message.msgSerial, let socket = sockets.first {
      duties.append(.answer(socket, message))
    }
  }

  private mutating func sentToBeConfirmed(_ message: ProtocolMessage) {
    let size = message.messages.reduce(0) { $0 + $1.size } + message.presence.reduce(0) { $0 + $1.size }
    let rest = message.messages.reduce(0) { $0 + ($1.id?.utf8.count ?? 0) }
    #expect(size <= bench.machine.limits.messageSize, "more than the service takes")
    #expect(size + rest <= bench.machine.limits.frameSize, "a larger frame than the service reads")
    for member in message.presence {
      if member.action == .enter, member.clientId != nil { reached.events.insert(.reentered) }
      guard let id = member.id else { continue }
      #expect(connectionId.map { id.hasPrefix($0 + ":") } == true, "the presence id of another connection")
    }
    guard let serial = message.msgSerial, Int.random(in: 0..<20, using: &random) == 0 else { return }
    reached.events.insert(.unwritten)
    unwritten.append(serial)
  }

  private mutating func changed(_ change: ConnectionStateChange) {
    #expect(change.previous == state)
    if change.event == .update {
      #expect(change.current == .connected && state == .connected)
    } else {
      #expect(
        Self.transitions[state]?.contains(change.current) == true || hasEnded && change.current == .closed)
      if change.current == .failed || change.current == .suspended { #expect(change.reason != nil) }
    }
    state = change.current
    if [.closing, .closed, .failed].contains(state) { (connectionId, connectionKey) = (nil, nil) }
    reached.states.insert(state)
  }

  private mutating func channelChanged(_ name: String, _ change: ChannelStateChange) {
    let known = channelStates[name] ?? .initialized
    #expect(change.previous == known)
    if change.event == .update {
      #expect(change.current == .attached && known == .attached)
    } else {
      #expect(
        Self.channelTransitions[known]?.contains(change.current) == true, "\(known) to \(change.current)")
    }
    channelStates[name] = change.current
    reached.channelStates.insert(change.current)
  }

  static let transitions: [ConnectionState: Set<ConnectionState>] = [
    .initialized: [.connecting, .failed],
    .connecting: [.connected, .disconnected, .suspended, .closing, .failed],
    .connected: [.disconnected, .closing, .failed],
    .disconnected: [.connecting, .suspended, .closed, .failed],
    .suspended: [.connecting, .closed, .failed],
    .closing: [.closed],
    .closed: [.connecting],
    .failed: [.connecting],
  ]

  static let channelTransitions: [ChannelState: Set<ChannelState>] = [
    .initialized: [.attaching, .failed],
    .attaching: [.attached, .suspended, .detached, .failed],
    .attached: [.attaching, .detaching, .detached, .suspended, .failed],
    .detaching: [.detached, .attached, .failed],
    .detached: [.attaching, .detaching, .initialized, .failed],
    .suspended: [.attaching, .detached, .initialized, .failed],
    .failed: [.attaching, .initialized],
  ]
}
