internal import AblyAuth
internal import AblyTokens
internal import AblyWire

extension RealtimeMachine {
  /// A token ended or was refused (RTN14b, RTN15h).
  mutating func tokenRefused(_ error: ErrorInfo) {
    guard let credentials else { return }
    guard state != .closing else { return closed() }
    guard moment.canRenew else { return fail(.noMeansToRenew(cause: error)) }
    refused = (credentials, error)
    if state == .connected { return connectionLost(error) }
    dropLink()
    if hasRenewed {
      attemptFailed(error)
    } else {
      hasRenewed = true
      alternatives = nil
      authenticate()
    }
  }

  mutating func notAuthenticated(_ number: Int, _ error: ErrorInfo) {
    guard case .authenticating(number) = link else { return }
    link = .none
    guard state != .closing else { return closed() }
    let problem = AuthenticationProblem(error, canRenew: moment.canRenew)
    if problem.isFatal { fail(problem.error) } else { attemptFailed(problem.error) }
  }

  /// `authorize` was called: an attempt with another token makes no sense (RTC8b).
  mutating func authorizing(_ call: Int) {
    reauthentication.authorizations.insert(call)
    guard state == .connecting else { return }
    dropLink()
  }

  /// A call of `authorize` no longer looks for a token.
  ///
  /// - Returns: whether the connection was asked to close meanwhile.
  private mutating func authorizationEnded(_ call: Int) -> Bool {
    reauthentication.authorizations.remove(call)
    guard reauthentication.overtaken.remove(call) != nil else { return false }
    return state == .closing || state == .closed
  }

  /// `authorize` has a token (RTC8a, RTC8c).
  mutating func authorized(_ credentials: Credentials, _ ticket: Ticket, of call: Int) {
    // One that the service has refused meanwhile is about to be replaced.
    let isNewest =
      reauthentication.newest(credentials).serial == credentials.serial
      && credentials.serial != refused?.credentials.serial
    if authorizationEnded(call) { return emit(.complete(ticket, .failure(.notConnected(in: .closed)))) }
    if state == .connected, (credentials.serial ?? 0) <= (self.credentials?.serial ?? 0) {
      return emit(.complete(ticket, .success(.done)))
    }
    if let failed = reauthentication.failed, (credentials.serial ?? 0) <= (failed.serial ?? 0) {
      return emit(.complete(ticket, .failure(failed.error)))
    }
    // What waits for an earlier connection must not wait for this one.
    if state != .connected, state != .connecting { renewState() }
    reauthentication.waiting.append((ticket, credentials.serial))
    if isNewest { adopt(credentials) } else { awaitNewer() }
  }

  /// A later call has a newer token, and this one waits for that.
  private mutating func awaitNewer() {
    switch state {
    case .connected: sendNewest()
    case .connecting: if case .none = link { authenticate() } else { noteNewest() }
    case .initialized, .disconnected, .suspended, .closing, .closed, .failed: beginAttempt()
    }
  }

  /// A token that came on another way, to whom it was of no use.
  private var unsent: Credentials? {
    let used = reauthentication.unanswered.last ?? credentials
    guard let latest = reauthentication.latest, (latest.serial ?? 0) > (used?.serial ?? 0) else { return nil }
    return latest
  }

  private mutating func sendNewest() { if let unsent { send(unsent) } }

  private mutating func noteNewest() { if let unsent { reauthentication.newer = unsent } }

  private mutating func adopt(_ credentials: Credentials) {
    switch state {
    case .connected: send(credentials)
    case .connecting: if !isInUse(credentials) { restart(with: credentials) }
    case .initialized, .disconnected, .suspended, .closing, .closed, .failed:
      beginAttempt(with: credentials)
    }
  }

  private func isInUse(_ credentials: Credentials) -> Bool {
    guard case .opening = link else { return false }
    return self.credentials?.serial == credentials.serial
  }

  private mutating func restart(with credentials: Credentials) {
    dropLink()
    beginAttempt(with: credentials)
  }

  /// `authorize` found no token (RSA4c, RSA4d).
  mutating func notAuthorized(_ error: ErrorInfo, of call: Int) {
    if authorizationEnded(call) { return }
    if error.code == .operationCanceled { return resumeAttempt() }
    notReauthenticated(error)
  }

  // Whoever called `authorize` gave it up: the attempt it had ended goes on with what there is.
  private mutating func resumeAttempt() {
    if state == .connecting, case .none = link { beginAttempt() }
  }

  /// A request needed another token, or the service wanted one: the connection uses it too.
  mutating func renewed(_ credentials: Credentials) {
    reauthentication.isAsked = false
    guard reauthentication.newest(credentials).serial == credentials.serial else { return }
    let latest = reauthentication.unanswered.last ?? self.credentials
    guard let serial = credentials.serial, serial > (latest?.serial ?? 0) else { return }
    switch (state, link) {
    case (.connected, _): send(credentials)
    case (.connecting, .opening), (.connecting, .finding): reauthentication.newer = credentials
    default: break
    }
  }

  /// The socket was opened with a token that is not the latest any more.
  mutating func sendNewerToken() {
    guard let newer = reauthentication.newer else { return }
    reauthentication.newer = nil
    send(newer)
  }

  /// RTN22.
  mutating func serviceWantsReauthentication() {
    guard state == .connected, let credentials, credentials.isToken, !reauthentication.isAsked else { return }
    // One is on its way: a service that asks again and again is not stormed with tokens.
    guard reauthentication.unanswered.isEmpty else { return }
    // Whoever issues tokens is not stormed either, least of all while they fail.
    if let end = reauthentication.restsUntil, end > moment.uptime {
      deadlines[.renewal] = end
      return
    }
    reauthentication.isAsked = true
    emit(.reauthenticate(insteadOf: credentials))
  }

  private mutating func send(_ credentials: Credentials) {
    if reauthentication.unanswered.last?.serial == credentials.serial { return }
    var message = ProtocolMessage(.auth)
    message.accessToken = credentials.secret
    reauthentication.unanswered.append(credentials)
    reauthentication.isAsked = false
    deadlines[.reauthenticated] = moment.uptime + settings.requestTimeout
    emit(.send(message))
  }

  /// A token could not be obtained for a connection (RSA4c, RSA4d).
  mutating func notReauthenticated(_ error: ErrorInfo) {
    if reauthentication.isAsked {
      reauthentication.isAsked = false
      reauthentication.restsUntil =
        moment.uptime
        + Backoff.delay(
          settings.disconnectedRetryTimeout, retry: reauthentication.failures, jitter: moment.jitter)
      reauthentication.failures += 1
    }
    let problem = AuthenticationProblem(error, canRenew: moment.canRenew)
    switch state {
    case .connected where problem.isFatal && !problem.isLackOfMeans: fail(problem.error)
    case .connecting where problem.isFatal: fail(problem.error)
    case .connecting: if case .none = link { attemptFailed(problem.error) }
    case .initialized where problem.isFatal: fail(problem.error)
    case .initialized, .closing, .closed: break
    case .disconnected where problem.isFatal, .suspended where problem.isFatal: fail(problem.error)
    // RSA4c3: the connection is left alone.
    case .connected, .disconnected, .suspended, .failed: errorReason = problem.error
    }
  }

  /// The service answered an AUTH (RTC8a1).
  mutating func reauthenticated() {
    guard !reauthentication.unanswered.isEmpty else { return }
    credentials = reauthentication.unanswered.removeFirst()
    reauthentication.failures = 0
    reauthentication.restsUntil = moment.uptime + Self.leastPause
    if reauthentication.unanswered.isEmpty { deadlines.clear(.reauthenticated) }
    for ticket in reauthentication.confirmed(credentials?.serial) { emit(.complete(ticket, .success(.done))) }
  }

  /// No answer to an AUTH: a connection made anew uses the token for certain.
  mutating func notReauthenticatedInTime() {
    guard state == .connected else { return }
    connectionLost(
      ErrorInfo(
        .timeout, "the service did not answer the new token in \(settings.requestTimeout)",
        remedy: "Nothing: the connection is made anew with it."))
  }
}
