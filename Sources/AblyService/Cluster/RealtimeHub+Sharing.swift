internal import AblyTokens
internal import AblyWire

/// What a hub does whose node shares its store: what is published, and who is present, goes through the log and comes
/// back from there in the order that all nodes have.
extension RealtimeHub {
  /// Begins to share.
  mutating func share(_ beginning: LogBeginning, as node: String) {
    let terms = NodeTerms(node: node, beginning)
    sharing = terms
    store.share(terms.serials, from: beginning.before)
    for event in beginning.members {
      guard case .member(let address, let key, let member, _)? = SharedEvent(event, terms.serials) else {
        continue
      }
      if rooms[address] == nil { rooms[address] = Room() }
      set(member, key, in: address)
    }
    for event in beginning.tail {
      guard case .messages(let address, let messages)? = SharedEvent(event, terms.serials) else { continue }
      for message in messages { store.keep(message, in: address) }
    }
    store.advance(to: beginning.position)
  }

  /// What the frame of a client asks for; it is answered once the log has it.
  mutating func propose(_ entries: [LogEntry], for id: String, serial: Int64, count: Int? = nil) {
    guard let number = sharing?.nextTicket() else { return }
    let weight = entries.reduce(0) { $0 + $1.weight }
    changeAnswers(of: id) { $0.expect(number, weight: weight) }
    append(entries, LogTicket(connectionId: id, serial: serial, number: number, count: count))
  }

  /// What the log has to learn, sooner or later; nothing where there is none.
  mutating func tell(_ entry: LogEntry) {
    if sharing != nil { append([entry], nil) }
  }

  /// A channel is attached, or its terms are others by now.
  mutating func tellAttachment(of id: String, to address: ChannelAddress) {
    guard sharing != nil, let attachment = rooms[address]?.attachments[id] else { return }
    tell(.attached(id, address, attachment))
  }

  /// The log has what a frame asked for, or will not have it.
  mutating func settle(_ ticket: LogTicket, _ result: Result<LogReceipt, ErrorInfo>, now: Int64) {
    let id = ticket.connectionId
    let answer: ProtocolMessage
    switch result {
    case .success(let receipt) where receipt.hasMoved:
      note(ConnectionKey.unknown.code)
      answer = Self.nackMessage(ticket.serial, ConnectionKey.unknown)
    case .success(let receipt):
      answer = Self.ackMessage(
        ticket.serial, results: ticket.count.map { [serials(of: receipt, count: $0)] } ?? [])
    case .failure(let error):
      note(error.code)
      answer = Self.nackMessage(ticket.serial, error)
    }
    let answers = changeAnswers(of: id) { $0.settle(ticket.number, with: answer) } ?? []
    for answer in answers { send(answer, to: id, now: now) }
  }

  func serials(of receipt: LogReceipt, count: Int) -> [String?] {
    receipt.places(count: count).map { place in
      place.flatMap { sharing?.serials.serial($0.position, at: $0.index) }
    }
  }

  /// The key of a connection that begins here: one that other nodes can check. `nil` where there are none.
  ///
  /// - Throws: 40012 for a clientId with which the key would be longer than any node reads.
  func key(of connectionId: String, _ principal: Principal) throws(ErrorInfo) -> ConnectionKey? {
    guard let sharing else { return nil }
    let key = sharing.seal.key(
      of: connectionId, ConnectionSeal.Claims(appId: principal.appId, identity: principal.identity))
    guard key.isReadable else {
      throw ErrorInfo(
        .invalidClientId, "the clientId is too long for a connection that other nodes can take up",
        statusCode: 400, remedy: "Connect with a clientId of at most 2 KB.")
    }
    return key
  }
}

extension RealtimeHub {
  /// A connection is over: the log has its members leave, wherever they are on their way.
  mutating func endEverywhere(_ id: String) {
    for address in addresses(of: id) {
      setAttachment(nil, of: id, in: address)
      if rooms[address]?.isEmpty == true { rooms[address] = nil }
    }
    tell(.about(.ended, id))
  }

  /// Asks clients for another token, wherever they are connected.
  mutating func demand(connectionId: String?, clientId: String?, now: Int64) {
    guard sharing == nil else { return tell(.demand(connectionId: connectionId, clientId: clientId)) }
    for id in ids(connectionId: connectionId, clientId: clientId) { askToReauthenticate(id, now: now) }
  }
}
