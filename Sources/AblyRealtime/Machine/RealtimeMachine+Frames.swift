internal import AblyAuth
internal import AblyTokens
internal import AblyWire

extension RealtimeMachine {
  mutating func frame(_ number: Int, _ message: ProtocolMessage) {
    guard isCurrent(number) else { return }
    heardFromService()
    switch message.action {
    case .connected: connected(message)
    case .disconnected: disconnected(message.error)
    case .error where message.channel?.isEmpty != false: refused(message.error)
    case .closed:
      if state == .closing { closed() } else { lost(number, .hungUp, isHostFailure: false) }
    default: if case .live = link { liveFrame(message) }
    }
  }

  private mutating func liveFrame(_ message: ProtocolMessage) {
    switch message.action {
    case .ack, .nack: confirmed(message)
    case .heartbeat: if let id = message.id { answered(ping: id) }
    case .auth: serviceWantsReauthentication()
    case .attached, .detached, .message, .presence, .sync, .error, .object, .annotation:
      guard let name = message.channel else { return }
      withChannel(name) { $0.received(message, $1) }
    // What is unknown is for a later version of the protocol (RTF1).
    default: break
    }
  }

  /// Silence for too long means a dead socket (RTN23a).
  mutating func heardFromService() {
    guard case .live = link, details.maxIdleInterval > .zero else { return }
    deadlines[.activity] = moment.uptime + details.maxIdleInterval + settings.requestTimeout
  }

  mutating func silent() {
    guard state != .closing else { return closed() }
    connectionLost(
      ErrorInfo(
        .connectionDisconnected, "nothing came from the service for longer than it may be silent",
        statusCode: 408, remedy: "Check the network. The connection is taken up again by itself."))
  }

  private mutating func connected(_ message: ProtocolMessage) {
    details.take(message.connectionDetails)
    do throws(ErrorInfo) {
      try ClientID.check(details.clientId, against: settings.clientId, of: "connection")
    } catch {
      if state == .closing { closed() } else { fail(error) }
      return
    }
    emit(.identified(details.clientId))
    switch link {
    case .opening(let number, let origin): opened(number, origin, message)
    case .live: updated(message)
    case .none, .authenticating, .finding: break
    }
  }

  private mutating func opened(_ number: Int, _ origin: Origin, _ message: ProtocolMessage) {
    link = .live(number, origin)
    deadlines.clear(.connected)
    heardFromService()
    guard state == .connecting else {
      // RTN12f: it was asked to close meanwhile.
      return emit(.send(ProtocolMessage(.close)))
    }
    let continues =
      id == nil ? recovery != nil && message.error == nil : id == message.connectionId
    if !continues {
      // Also where the service does not say which connection it is instead.
      id = nil
      key = nil
    }
    take(message)
    recovery = nil
    failedAttempts = 0
    outageBegan = nil
    emit(.stands(origin))
    // This one may take less than the one before.
    let limits = limits
    let refused = outbox.giveUpUnconfirmed(limits.refusal)
    let unconfirmed = outbox.resend(isContinued: continues)
    become(.connected, message.error)
    for (entry, error) in refused { settle(entry, .failure(error.afterSending)) }
    for message in unconfirmed { emit(.send(message)) }
    for entry in outbox.release() { submitUnlessAttaching(entry) }
    for ticket in reauthentication.confirmed(credentials?.serial) { emit(.complete(ticket, .success(.done))) }
    sendWaitingPings()
    sendNewerToken()
  }

  private mutating func take(_ message: ProtocolMessage) {
    if let new = message.connectionId, new != id {
      id = new
      key = nil
    }
    key = message.connectionDetails?.connectionKey ?? key
  }

  /// RTN24.
  private mutating func updated(_ message: ProtocolMessage) {
    guard state == .connected else { return }
    take(message)
    heardFromService()
    errorReason = message.error
    emit(
      .changed(
        ConnectionStateChange(from: .connected, to: .connected, event: .update, reason: message.error)))
    reauthenticated()
  }

  private mutating func disconnected(_ error: ErrorInfo?) {
    let error = error ?? .hungUp
    if error.isTokenError, credentials?.isToken == true { return tokenRefused(error) }
    let isHostFailure = HTTPFailure.isOfHost(status: error.statusCode)
    switch link {
    case .opening: openingFailed(error, isHostFailure: isHostFailure)
    case .live where state == .closing: closed()
    case .live:
      if isHostFailure, settings.hasFallbacks { hostFailure = error }
      connectionLost(error)
    case .none, .authenticating, .finding: break
    }
  }

  private mutating func refused(_ error: ErrorInfo?) {
    let error = error ?? .refusedWithoutReason
    if case .opening = link, error.isTokenError, credentials?.isToken == true { return tokenRefused(error) }
    if state == .closing { closed() } else { fail(error) }
  }

  private mutating func confirmed(_ message: ProtocolMessage) {
    guard let serial = message.msgSerial else { return }
    let entries = outbox.confirmed(from: serial, count: message.count ?? 1)
    for (place, entry) in entries {
      if message.action == .nack {
        settle(entry, .failure(message.error ?? ErrorInfo(.internalError, "the service refused it")))
      } else {
        let serials = place < message.results.count ? message.results[place] : []
        settle(entry, .success(.published(serials)))
      }
    }
  }

  mutating func settle(_ entry: Outbox.Entry, _ result: Result<Answer, ErrorInfo>) {
    switch entry.owner {
    case .ticket(let ticket): emit(.complete(ticket, result))
    case .reentry(let member):
      if case .failure(let error) = result {
        withChannel(member.channel) { channel, _ in channel.notReentered(member.clientId, error) }
      }
    }
  }

  /// Presence waits for a channel that is attached again (RTL3d2).
  private mutating func submitUnlessAttaching(_ entry: Outbox.Entry) {
    if entry.message.action == .presence, let name = entry.message.channel,
      channels[name]?.state == .attaching
    {
      withChannel(name) { channel, context in channel.hold(entry, context) }
    } else {
      submit(entry)
    }
  }

  /// Sends it, keeps it for later, or refuses it, as the state allows (RTL6c).
  mutating func submit(_ entry: Outbox.Entry) {
    guard !outbox.repeats(entry) else { return }
    guard outbox.takes(entry, beside: held) else { return settle(entry, .failure(.tooMuchWaits)) }
    switch state {
    case .connected:
      // What waited was measured before the service named its limits.
      if let error = limits.refusal(of: entry) { return settle(entry, .failure(error)) }
      emit(.send(outbox.number(entry)))
    case .initialized, .connecting, .disconnected:
      if settings.queueMessages { return outbox.wait(entry) }
      fallthrough
    default: settle(entry, .failure(errorReason ?? .notConnected(in: state)))
    }
  }
}

extension ErrorInfo {
  /// The service sent an ERROR that says nothing.
  fileprivate static let refusedWithoutReason = ErrorInfo(
    .connectionFailed, "the service refused the connection and gave no reason",
    remedy: "Call connect() to try again.")

  /// The same about something that was sent before, and never confirmed.
  fileprivate var afterSending: ErrorInfo {
    var error = self
    error.message += "; it was sent before, and may have arrived then"
    return error
  }

  /// The service ended the connection without a reason.
  static let hungUp = ErrorInfo(
    .connectionDisconnected, "the service ended the connection",
    remedy: "Nothing: it is taken up again by itself.")
}
