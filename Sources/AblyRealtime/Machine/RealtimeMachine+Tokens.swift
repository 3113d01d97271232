internal import AblyAuth
internal import AblyTokens
internal import AblyWire

/// The tokens that a live connection has been given (RTC8a).
struct Reauthentication: Sendable {
  /// Those who wait until the connection uses their token, or a later one.
  var waiting: [(ticket: Ticket, serial: Int?)] = []
  /// The tokens that were sent in an AUTH that has no answer yet.
  var unanswered: [Credentials] = []
  /// Whether the service asked for a token that is still being obtained (RTN22).
  var isAsked = false

  /// Takes out those whose token is in use.
  mutating func confirmed(_ serial: Int?) -> [Ticket] {
    let isMeant = { (entry: (ticket: Ticket, serial: Int?)) in (entry.serial ?? 0) <= (serial ?? 0) }
    defer { waiting.removeAll(where: isMeant) }
    return waiting.filter(isMeant).map(\.ticket)
  }

  /// Takes out everybody.
  mutating func giveUp() -> [Ticket] {
    defer { waiting = [] }
    return waiting.map(\.ticket)
  }
}

extension RealtimeMachine {
  /// A token ended or was refused (RTN14b, RTN15h).
  mutating func tokenRefused(_ error: ErrorInfo) {
    guard let credentials else { return }
    guard state != .closing else { return closed() }
    guard moment.canRenew else { return fail(.noMeansToRenew(cause: error)) }
    let wasConnected = state == .connected
    dropLink()
    refused = (credentials, error)
    if wasConnected {
      failedAttempts = 0
      outageBegan = moment.uptime
      become(.disconnected, error, retryIn: .zero)
      beginAttempt()
    } else if hasRenewed {
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
    let problem = AuthenticationProblem(error)
    if problem.isFatal { fail(problem.error) } else { attemptFailed(problem.error) }
  }

  /// `authorize` was called: an attempt with another token makes no sense (RTC8b).
  mutating func authorizing() {
    guard state == .connecting else { return }
    dropLink()
  }

  /// `authorize` has a token (RTC8a, RTC8c).
  mutating func authorized(_ credentials: Credentials, _ ticket: Ticket) {
    if state == .connected, credentials.serial == self.credentials?.serial {
      return emit(.complete(ticket, .success(.done)))
    }
    reauthentication.waiting.append((ticket, credentials.serial))
    switch state {
    case .connected: send(credentials)
    case .connecting: if !isInUse(credentials) { restart(with: credentials) }
    case .initialized, .disconnected, .suspended, .closing, .closed, .failed:
      let waiting = reauthentication.giveUp()
      let kept = waiting.dropLast()
      renewState()
      for ticket in kept { reauthentication.waiting.append((ticket, credentials.serial)) }
      reauthentication.waiting.append((ticket, credentials.serial))
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
  mutating func notAuthorized(_ error: ErrorInfo) {
    if error.code == .operationCanceled { return resumeAttempt() }
    notReauthenticated(error)
  }

  // Whoever called `authorize` gave it up: the attempt it had ended goes on with what there is.
  private mutating func resumeAttempt() {
    if state == .connecting, case .none = link { beginAttempt() }
  }

  /// A request needed another token: the connection uses it too.
  mutating func renewed(_ credentials: Credentials) {
    let latest = reauthentication.unanswered.last ?? self.credentials
    guard state == .connected, let serial = credentials.serial, serial > (latest?.serial ?? 0) else { return }
    send(credentials)
  }

  /// RTN22.
  mutating func serviceWantsReauthentication() {
    guard state == .connected, let credentials, credentials.isToken, !reauthentication.isAsked else { return }
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
    reauthentication.isAsked = false
    let problem = AuthenticationProblem(error)
    switch state {
    case .connected where problem.isFatal && !problem.isLackOfMeans: fail(problem.error)
    case .connecting where problem.isFatal: fail(problem.error)
    case .connecting: if case .none = link { attemptFailed(problem.error) }
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
    if reauthentication.unanswered.isEmpty { deadlines.clear(.reauthenticated) }
    for ticket in reauthentication.confirmed(credentials?.serial) { emit(.complete(ticket, .success(.done))) }
  }

  /// No answer to an AUTH: a connection made anew uses the token for certain.
  mutating func notReauthenticatedInTime() {
    connectionLost(
      ErrorInfo(
        .timeout, "the service did not answer the new token in \(settings.requestTimeout)",
        remedy: "Nothing: the connection is made anew with it."))
  }
}

/// What the failure to obtain a token means for a connection.
struct AuthenticationProblem: Sendable {
  let error: ErrorInfo
  /// Whether trying again makes no sense.
  let isFatal: Bool

  init(_ cause: ErrorInfo) {
    switch cause.code {
    case .noMeansToRenew, .incompatibleCredentials:
      error = cause
      isFatal = true
    default:
      isFatal = cause.statusCode == 403
      error = ErrorInfo(
        .tokenRequestFailed, "the connection has no token: \(cause.message)",
        statusCode: isFatal ? 403 : 401, remedy: cause.remedy, cause: cause)
    }
  }

  /// Whether a token that is in use can do until it ends.
  var isLackOfMeans: Bool { error.code == .noMeansToRenew }
}
