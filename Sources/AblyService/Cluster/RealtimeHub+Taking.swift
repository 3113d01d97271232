internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// Whose connection a client wants to take up that was not here before; `nil` where no other node can have had it.
  ///
  /// - Throws: 40102 for credentials of another identity than the connection's.
  func claims(
    of parameters: ConnectParameters, _ principal: Principal
  ) throws(ErrorInfo) -> (ConnectionKey, ConnectionSeal.Claims)? {
    guard let sharing, let text = parameters.connectionKey, let key = try? ConnectionKey(reading: text),
      sessions[key.connectionId] == nil, let claims = sharing.seal.claims(of: key),
      claims.appId == principal.appId
    else { return nil }
    _ = try claims.identity.renewed(by: principal.identity)
    return (key, claims)
  }

  /// A connection of another node goes on here. Its client is away until it is connected.
  mutating func adopt(
    _ taking: LogTaking, _ key: ConnectionKey, _ claims: ConnectionSeal.Claims,
    _ parameters: ConnectParameters, _ principal: Principal, over transport: TransportID, now: Int64
  ) {
    guard sessions[key.connectionId] == nil else { return }
    var principal = principal
    principal.identity = claims.identity
    var session = Session(key: key, parameters, principal, over: transport, now: now, settings)
    session.lose(now: now, settings)
    session.takenAt = taking.position
    session.hasEntered = true
    sessions[session.id] = session
    waiting.add(session.id, until: session.endsAt)
    for taken in taking.attachments {
      guard let name = try? ChannelName(taken.channel), let attachment = Attachment(logged: taken.terms)
      else { continue }
      sessions[session.id]?.channels.insert(name)
      let address = ChannelAddress(appId: taken.app, name: name)
      let members = rooms[address]?.members
      sessions[session.id]?.memberWeight +=
        members?.keys(of: session.id).reduce(0) { $0 + (members?[$1]?.weight ?? 0) } ?? 0
      setAttachment(attachment, of: session.id, in: address)
    }
    schedule(session.id)
  }
}
