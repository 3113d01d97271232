internal import AblyAuth
internal import AblyTokens

extension RealtimeMachine {
  /// Enters a state. Channels learn of it before listeners do (RTL3d1).
  mutating func become(_ new: ConnectionState, _ reason: ErrorInfo? = nil, retryIn: Duration? = nil) {
    let previous = state
    state = new
    if reason != nil || new == .connected { errorReason = reason }
    if [.closing, .closed, .failed].contains(new) {
      id = nil
      key = nil
    }
    // The next connection may be somebody else's (RSA7b3).
    if new == .closed || new == .failed { emit(.identified(nil)) }
    withChannels { $0.connectionChanged($1, reason) }
    if [.suspended, .closed, .failed].contains(new) { giveUpWaiting(reason) }
    if [.closing, .suspended, .closed, .failed].contains(new) { failPings(reason) }
    if new == .disconnected, !settings.queueMessages { fail(outbox.giveUpUnconfirmed(), reason) }
    emit(.changed(ConnectionStateChange(from: previous, to: new, reason: reason, retryIn: retryIn)))
  }

  /// Whoever waits for a connection, or for what only one brings, learns that there will be none (RTN7e,
  /// RTC8b1).
  private mutating func giveUpWaiting(_ reason: ErrorInfo?) {
    let error = reason ?? .notConnected(in: state)
    fail(outbox.giveUp(), error)
    for ticket in reauthentication.giveUp() { emit(.complete(ticket, .failure(error))) }
  }

  mutating func fail(_ entries: [Outbox.Entry], _ reason: ErrorInfo?) {
    let error = reason ?? .notConnected(in: state)
    for entry in entries { settle(entry, .failure(error)) }
  }

  /// The connection ends for good, until somebody asks for another.
  mutating func fail(_ error: ErrorInfo) {
    if let latest = reauthentication.unanswered.last { reauthentication.failed = (latest.serial, error) }
    dropLink()
    deadlines.clear(.retry, .suspend, .closed)
    outageBegan = nil
    become(.failed, error)
  }

  /// The present attempt or socket no longer counts.
  mutating func dropLink() {
    if case .live = link { emit(.stands(nil)) }
    switch link {
    case .opening, .live: emit(.drop)
    case .none, .authenticating, .finding: break
    }
    link = .none
    reauthentication.unanswered = []
    reauthentication.isAsked = false
    deadlines.clear(.connected, .activity, .reauthenticated, .renewal)
  }

  /// Nothing happens any more.
  mutating func end() {
    if state != .closed, state != .failed { closed() }
    hasEnded = true
    deadlines = Deadlines()
    emit(.over)
  }

  /// After the end everybody who waits for something learns so at once.
  mutating func refuse(_ event: RealtimeEvent) {
    let ticket: Ticket? =
      switch event {
      case .authorized(_, let ticket, _), .ping(let ticket, _): ticket
      case .channel(_, let request): request.ticket
      default: nil
      }
    guard let ticket else { return }
    emit(.complete(ticket, .failure(.clientIsOver)))
  }
}

extension RealtimeMachine {
  /// What it takes to go on with this connection elsewhere (RTN16g); `nil` when there is none (RTN16g2).
  var recoveryKey: RecoveryKey? {
    guard let key, state != .suspended else { return nil }
    let serials = channels.filter { $0.value.state == .attached }.compactMapValues(\.channelSerial)
    return RecoveryKey(connectionKey: key, msgSerial: outbox.nextSerial, channelSerials: serials)
  }
}

extension ChannelRequest {
  /// Who waits for its outcome.
  var ticket: Ticket? {
    switch self {
    case .listen: nil
    case .attach(let ticket), .detach(let ticket), .release(let ticket), .configure(_, let ticket),
      .publish(_, _, let ticket), .presence(_, let ticket), .members(_, let ticket):
      ticket
    }
  }
}

extension ErrorInfo {
  /// There is no connection, and the state says that none is about to be.
  static func notConnected(in state: ConnectionState) -> ErrorInfo {
    switch state {
    case .suspended:
      ErrorInfo(
        .connectionSuspended, "the connection is suspended",
        remedy: "Wait until it is connected again, or call connect() to try at once.")
    case .closing, .closed:
      ErrorInfo(.connectionClosed, "the connection is closed", remedy: "Call connect() first.")
    case .failed:
      ErrorInfo(
        .connectionFailed, "the connection failed",
        remedy: "See Connection.errorReason, then call connect().")
    default:
      ErrorInfo(
        .connectionDisconnected, "there is no connection",
        remedy: "Wait until it is connected, or set queueMessages.")
    }
  }
}
