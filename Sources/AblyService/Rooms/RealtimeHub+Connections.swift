internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// A client has connected with credentials that were found good: CONNECTED, or why not.
  ///
  /// - Parameter fresh: the key of the connection, if it is a new one.
  /// - Returns: why not; `nil` for one that is connected.
  @discardableResult
  mutating func connect(
    over transport: TransportID, _ parameters: ConnectParameters, _ principal: Principal,
    fresh: ConnectionKey, now: Int64
  ) -> ErrorInfo? {
    do throws(ErrorInfo) {
      let (id, failure) = try open(transport, parameters, principal, fresh: fresh, now: now)
      greet(id, failure, now: now)
      heedNotices(id, now: now)
      schedule(id)
      return nil
    } catch {
      refuse(transport, error)
      return error
    }
  }

  /// The connection that goes on or begins, and why the one that was asked for does not go on.
  private mutating func open(
    _ transport: TransportID, _ parameters: ConnectParameters, _ principal: Principal,
    fresh: ConnectionKey, now: Int64
  ) throws(ErrorInfo) -> (id: String, failure: ErrorInfo?) {
    var failure: ErrorInfo?
    if let text = parameters.connectionKey {
      do throws(ErrorInfo) {
        let id = try sessionToResume(text, principal)
        try resume(id, over: transport, parameters, principal, now: now)
        return (id, nil)
      } catch {
        guard error.code == ConnectionKey.unknown.code || error.code == .connectionRecoveryFailed else {
          throw error
        }
        failure = error
      }
    }
    sessions[fresh.connectionId] = Session(
      key: fresh, parameters, principal, over: transport, now: now, settings)
    owners[transport] = fresh.connectionId
    tell(.about(.opened, fresh.connectionId))
    return (fresh.connectionId, failure)
  }

  private func sessionToResume(_ text: String, _ principal: Principal) throws(ErrorInfo) -> String {
    let key = try ConnectionKey(reading: text)
    guard let session = sessions[key.connectionId], session.key.secret == key.secret,
      session.principal.appId == principal.appId
    else { throw ConnectionKey.unknown }
    return key.connectionId
  }

  private mutating func resume(
    _ id: String, over transport: TransportID, _ parameters: ConnectParameters, _ principal: Principal,
    now: Int64
  ) throws(ErrorInfo) {
    guard let session = sessions[id] else { return }
    var principal = principal
    principal.identity = try session.principal.identity.renewed(by: principal.identity)
    // The service may not have noticed yet that the client is gone.
    if let old = session.transport {
      close(old)
      silence(id)
    } else {
      waitingWeight -= session.attachmentWeight
    }
    sessions[id]?.resume(parameters, principal, over: transport, now: now, settings)
    owners[transport] = id
    dropWhatIsNotCovered(id, now: now, tells: false)
  }

  /// CONNECTED (RTN21, RTN24).
  mutating func greet(_ id: String, _ failure: ErrorInfo? = nil, now: Int64) {
    guard let session = sessions[id] else { return }
    var details = ConnectionDetails()
    details.clientId = session.principal.identity.clientId
    details.connectionKey = session.key.text
    details.maxMessageSize = MessageDraft.maximumPublishBytes
    details.maxFrameSize = settings.maximumFrameBytes
    details.connectionStateTTL = .milliseconds(settings.connectionStateTTL)
    details.maxIdleInterval = .milliseconds(settings.maxIdleInterval)
    details.serverId = serverId
    var message = ProtocolMessage(.connected)
    message.connectionId = id
    message.connectionDetails = details
    message.error = failure
    message.timestamp = now
    send(message, to: id, now: now)
  }

  /// Tells a client that it cannot connect or stay: DISCONNECTED where another token would help, else ERROR.
  mutating func refuse(_ transport: TransportID, _ error: ErrorInfo) {
    var message = ProtocolMessage(Self.passes(error) ? .disconnected : .error)
    message.error = error
    send(message, over: transport)
    note(error.code, endOf: transport)
    close(transport)
  }

  /// The same for one that is connected. After a DISCONNECTED it may come back.
  mutating func disconnect(_ id: String, _ error: ErrorInfo, now: Int64) {
    guard let transport = sessions[id]?.transport else { return }
    refuse(transport, error)
    if Self.passes(error) { lose(id, now: now) } else { end(id, now: now) }
  }

  /// Whether a client may come back: with another token, or once the store can be asked again.
  private static func passes(_ error: ErrorInfo) -> Bool {
    error.code.isTokenError || error.code == .serverBusy
  }

  /// A socket is gone, whoever closed it.
  mutating func lost(_ transport: TransportID, now: Int64) {
    guard let id = owners.removeValue(forKey: transport), sessions[id]?.transport == transport else { return }
    lose(id, now: now)
  }

  private mutating func lose(_ id: String, now: Int64) {
    sessions[id]?.lose(now: now, settings)
    silence(id)
    wait(for: id, now: now)
    schedule(id)
  }

  private mutating func silence(_ id: String) {
    for address in addresses(of: id) { rooms[address]?.attachments[id]?.isLive = false }
  }

  /// The connection is over: its members leave, and it cannot be taken up again.
  mutating func end(_ id: String, now: Int64) {
    if sharing == nil {
      for address in addresses(of: id) { leave(address, id, now: now) }
    } else {
      endEverywhere(id)
    }
    if let transport = sessions[id]?.transport { owners[transport] = nil }
    sessions[id] = nil
  }

  func addresses(of id: String) -> [ChannelAddress] {
    guard let session = sessions[id] else { return [] }
    return session.channels.map { ChannelAddress(appId: session.principal.appId, name: $0) }
  }

  /// Somebody else's frame, garbage or too much of it.
  mutating func fail(_ transport: TransportID, _ error: ErrorInfo, now: Int64) {
    guard let id = owners[transport] else { return }
    disconnect(id, error, now: now)
  }

  /// The connections of an app that is gone.
  mutating func removeApp(_ appId: String, now: Int64) {
    for id in sessions.values.filter({ $0.principal.appId == appId }).map(\.id) {
      let error = ErrorInfo(.notFound, "the app was deleted", statusCode: 404)
      if let transport = sessions[id]?.transport { refuse(transport, error) }
      end(id, now: now)
    }
    removeFixtures(of: appId)
    store.remove(app: appId)
  }
}
