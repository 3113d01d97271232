internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// Does everything that is due, in the order in which it came due.
  mutating func advance(to now: Int64) {
    while let id = takeScheduled(dueAt: now) {
      while let due = sessions[id]?.takeDue(at: now, settings) { carryOut(due, id, now: now) }
      schedule(id)
    }
  }

  private mutating func carryOut(_ due: Session.Due, _ id: String, now: Int64) {
    switch due {
    case .warn: askToReauthenticate(id, now: now)
    case .expired: disconnect(id, Self.expired, now: now)
    case .revoked: disconnect(id, Self.revoked, now: now)
    case .silence: breakSilence(id, now: now)
    case .end: end(id, now: now)
    case .leave: for address in addresses(of: id) { removeMembers(of: id, from: address, now: now) }
    }
  }

  private mutating func breakSilence(_ id: String, now: Int64) {
    guard let session = sessions[id], let transport = session.transport else { return }
    if session.parameters.heartbeats {
      send(ProtocolMessage(.heartbeat), to: id, now: now)
    } else {
      ping(transport)
    }
  }
}
