internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// Does what the log says, event by event.
  mutating func apply(_ events: [(LogPosition, SharedEvent?)], now: Int64) {
    for (position, event) in events {
      guard let sharing, sharing.position < position else { continue }
      self.sharing?.position = position
      store.advance(to: position)
      if let event { apply(event, at: position, now: now) }
    }
    deliverNow(now: now)
  }

  private mutating func apply(_ event: SharedEvent, at position: LogPosition, now: Int64) {
    switch event {
    case .messages(let address, let messages):
      for message in messages { store.keep(message, in: address) }
      return deliverSoon(messages, to: address, from: messages.first?.connectionId, now: now)
    default: deliverNow(now: now)
    }
    switch event {
    case .messages, .command: break
    case .member(let address, let key, let change, let isLapse):
      apply(change, of: key, isLapse: isLapse, in: address, now: now)
    case .taken(let id, let node):
      // What came here after that is another move.
      guard node != sharing?.node, let session = sessions[id], session.takenAt < position else { return }
      forget(id)
    case .demand(let connectionId, let clientId):
      for id in ids(connectionId: connectionId, clientId: clientId) { askToReauthenticate(id, now: now) }
    }
  }

  private mutating func apply(
    _ change: StoredMessage, of key: MemberKey, isLapse: Bool, in address: ChannelAddress, now: Int64
  ) {
    let leaves = change.presenceAction == .leave
    let before = rooms[address]?.members[key]
    if rooms[address] == nil { rooms[address] = Room() }
    set(leaves ? nil : change, key, in: address)
    announce(change, in: address, now: now)
    if rooms[address]?.isEmpty == true { rooms[address] = nil }
    guard let session = sessions[key.connectionId] else { return }
    if isLapse, let before, rooms[address]?.attachments[session.id] != nil {
      // This node was taken for dead, and is not.
      let draft = MessageDraft(leaving: before, clientId: key.clientId)
      tell(.change(key, leaves: false, draft, id: before.id, in: address))
    } else if !leaves, (try? session.principal.identity.publisher(writing: key.clientId)) == nil {
      // It was let in by a token that has been swapped since.
      remove(key, from: address, now: now)
    }
  }

  /// The connection goes on at another node. Its members stay.
  private mutating func forget(_ id: String) {
    for address in addresses(of: id) {
      setAttachment(nil, of: id, in: address)
      if rooms[address]?.isEmpty == true { rooms[address] = nil }
    }
    if let transport = sessions[id]?.transport { close(transport) }
    sessions[id] = nil
  }
}
