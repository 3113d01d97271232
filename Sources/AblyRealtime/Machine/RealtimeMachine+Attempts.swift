internal import AblyAuth
internal import AblyTokens
internal import AblyWire

extension RealtimeMachine {
  /// The least time between two attempts without delay, so that a service that hangs up at once is not
  /// stormed.
  static var leastPause: Duration { .seconds(1) }

  /// RTN11.
  mutating func connect() {
    guard state != .connecting, state != .connected else { return }
    renewState()
    beginAttempt()
  }

  /// What has to happen first when a connection is asked for (RTN11b, RTN11d).
  mutating func renewState() {
    switch state {
    case .closing:
      closed()
      forgetConnection()
    case .closed, .failed: forgetConnection()
    default: break
    }
  }

  private mutating func forgetConnection() {
    errorReason = nil
    details = Details()
    recovery = nil
    outbox.begin(at: 0)
    failedAttempts = 0
    outageBegan = nil
    hostFailure = nil
    withChannels { $0.reinitialize($1) }
  }

  /// An attempt begins with credentials.
  mutating func beginAttempt() {
    enterAttempt()
    authenticate()
  }

  /// The same with credentials at hand.
  mutating func beginAttempt(with credentials: Credentials) {
    enterAttempt()
    use(credentials)
  }

  private mutating func enterAttempt() {
    deadlines.clear(.retry, .suspend, .closed)
    hasRenewed = refused != nil
    alternatives = nil
    if state != .connecting { become(.connecting) }
  }

  mutating func authenticate() {
    let number = nextNumber()
    link = .authenticating(number)
    emit(.authenticate(number, insteadOf: refused?.credentials, because: refused?.error))
  }

  mutating func authenticated(_ number: Int, _ credentials: Credentials) {
    let newest = reauthentication.newest(credentials, butFor: refused?.credentials)
    guard case .authenticating(number) = link else { return }
    use(newest)
  }

  private mutating func use(_ credentials: Credentials) {
    self.credentials = reauthentication.newest(credentials, butFor: refused?.credentials)
    refused = nil
    reauthentication.newer = nil
    openFirst()
  }

  private mutating func openFirst() {
    if let hostFailure {
      findAlternatives(hostFailure)
    } else if let origin = alternatives?.popFirst() {
      open(origin)
    } else {
      open(settings.primary)
    }
  }

  private mutating func open(_ origin: Origin) {
    guard let credentials = reauthentication.newer ?? credentials else { return }
    self.credentials = credentials
    reauthentication.newer = nil
    let number = nextNumber()
    link = .opening(number, origin)
    deadlines[.connected] = moment.uptime + settings.requestTimeout
    emit(
      .open(
        number,
        Opening(
          origin: origin, credentials: credentials, resume: key,
          recover: key == nil ? recovery?.connectionKey : nil)))
  }

  mutating func notConnectedInTime() {
    openingFailed(
      ErrorInfo(
        .connectionDisconnected, "the service did not confirm the connection in \(settings.requestTimeout)",
        statusCode: 408, remedy: "Check the network, then ClientOptions.endpoint and its port."),
      isHostFailure: true)
  }

  mutating func lost(_ number: Int, _ error: ErrorInfo, isHostFailure: Bool) {
    switch link {
    case .opening(number, _): openingFailed(error, isHostFailure: isHostFailure)
    case .live(number, _) where state == .closing: closed()
    case .live(number, _): connectionLost(error)
    default: break
    }
  }

  /// A socket led to no connection. Another host may do better (RTN17f).
  mutating func openingFailed(_ error: ErrorInfo, isHostFailure: Bool) {
    dropLink()
    guard isHostFailure, settings.hasFallbacks, state == .connecting else { return attemptFailed(error) }
    guard alternatives != nil else { return findAlternatives(error) }
    guard let origin = alternatives?.popFirst() else { return attemptFailed(error) }
    open(origin)
  }

  private mutating func findAlternatives(_ error: ErrorInfo) {
    let number = nextNumber()
    hostFailure = error
    link = .finding(number)
    emit(.findAlternatives(number))
  }

  mutating func found(_ number: Int, _ origins: [Origin]) {
    guard case .finding(number) = link else { return }
    link = .none
    let error = hostFailure
    hostFailure = nil
    alternatives = origins[...]
    guard let origin = alternatives?.popFirst() else {
      return attemptFailed(error ?? .notConnected(in: state))
    }
    open(origin)
  }

  /// Nothing led to a connection (RTN14d, RTN14e).
  mutating func attemptFailed(_ error: ErrorInfo) {
    dropLink()
    hostFailure = nil
    guard state != .closing else { return closed() }
    let began = outageBegan ?? moment.uptime
    outageBegan = began
    guard moment.uptime - began < details.stateTTL else { return suspend(error) }
    let delay = Backoff.delay(
      settings.disconnectedRetryTimeout, retry: failedAttempts, jitter: moment.jitter)
    failedAttempts += 1
    deadlines[.retry] = moment.uptime + delay
    deadlines[.suspend] = began + details.stateTTL
    become(.disconnected, error, retryIn: delay)
  }

  mutating func suspend(_ error: ErrorInfo?) {
    deadlines.clear(.suspend)
    deadlines[.retry] = moment.uptime + settings.suspendedRetryTimeout
    become(.suspended, error ?? .notConnected(in: .suspended), retryIn: settings.suspendedRetryTimeout)
  }

  /// There was a connection, and its socket is gone: it is taken up again without delay (RTN15a, RTN15h).
  mutating func connectionLost(_ error: ErrorInfo) {
    dropLink()
    failedAttempts = 0
    outageBegan = moment.uptime
    let pause = pauseAfterLoss()
    lastImmediateRetry = moment.uptime + pause
    become(.disconnected, error, retryIn: pause)
    guard pause > .zero else { return beginAttempt() }
    deadlines[.retry] = moment.uptime + pause
    deadlines[.suspend] = moment.uptime + details.stateTTL
  }

  /// None, unless the connection before was lost so soon as well: then it grows, as between attempts. What is lost
  /// over and over for the same reason is not to be stormed.
  private mutating func pauseAfterLoss() -> Duration {
    guard let last = lastImmediateRetry, moment.uptime - last < settings.disconnectedRetryTimeout else {
      quickLosses = 0
      return .zero
    }
    quickLosses += 1
    let gap = min(Self.leastPause * (1 << min(quickLosses - 1, 10)), settings.disconnectedRetryTimeout)
    return max(last + gap - moment.uptime, .zero)
  }

  /// RTN20.
  mutating func network(isAvailable: Bool) {
    switch (state, isAvailable) {
    case (.connected, false): connectionLost(.noNetwork)
    case (.connecting, false): attemptFailed(.noNetwork)
    case (.disconnected, true), (.suspended, true): beginAttempt()
    case (.connecting, true):
      dropLink()
      beginAttempt()
    default: break
    }
  }

  /// RTN12.
  mutating func close() {
    reauthentication.overtaken.formUnion(reauthentication.authorizations)
    switch state {
    case .connected:
      emit(.send(ProtocolMessage(.close)))
      awaitClosed()
    case .connecting:
      awaitClosed()
      // RTN12f: without a socket no attempt can succeed any more.
      if case .opening = link { return }
      closed()
    case .disconnected, .suspended: closed()
    case .initialized, .closing, .closed, .failed: break
    }
  }

  private mutating func awaitClosed() {
    deadlines[.closed] = moment.uptime + settings.requestTimeout
    become(.closing)
  }

  mutating func closed() {
    dropLink()
    deadlines.clear(.retry, .suspend, .closed)
    outageBegan = nil
    recovery = nil
    become(.closed)
  }
}

extension ErrorInfo {
  fileprivate static let noNetwork = ErrorInfo(
    .connectionDisconnected, "this machine has no network", remedy: "Wait for the network.")
}
