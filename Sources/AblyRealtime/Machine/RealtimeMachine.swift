internal import AblyAuth
internal import AblyTokens
internal import AblyWire

/// Everything a realtime client decides: a value that gets events and says what is to be done.
///
/// No socket, clock, random source or lock is in here, so that each sequence of events has one outcome.
struct RealtimeMachine: Sendable {
  /// What leads to the service, beside the state that users see.
  enum Link: Sendable {
    /// Nothing. Becomes `authenticating`, `finding`, or `opening` where there are credentials.
    case none
    /// Credentials are being obtained. Becomes `opening`, `finding` where the primary host is known to be down, or
    /// `none`.
    case authenticating(Int)
    /// It is being found out whether another host may serve (RTN17j). Becomes `opening` or `none`.
    case finding(Int)
    /// A socket is opened, and CONNECTED awaited. Becomes `live`, `finding`, `authenticating` or `none`.
    case opening(Int, Origin)
    /// CONNECTED came. Becomes `none`.
    case live(Int, Origin)
  }

  let settings: RealtimeSettings
  var channels: [String: ChannelMachine] = [:]
  var deadlines = Deadlines()

  var state = ConnectionState.initialized
  var id: String?
  var key: Secret?
  var errorReason: ErrorInfo?
  var details: Details
  var link = Link.none

  /// The latest number given to an attempt or a socket.
  var lastNumber = 0
  /// What the present attempt or connection is made with.
  var credentials: Credentials?
  /// What the service refused, and why, until something else is obtained.
  var refused: (credentials: Credentials, error: ErrorInfo)?
  /// Whether the one renewal of this attempt was spent (RTN14b).
  var hasRenewed = false
  /// The hosts that are left; `nil` while it is not known whether there are any.
  var alternatives: ArraySlice<Origin>?
  /// Why another host is needed.
  var hostFailure: ErrorInfo?

  /// How many attempts failed since the last connection, and when that was lost.
  var failedAttempts = 0
  var outageBegan: Duration?
  /// When a lost connection was last followed by an attempt without delay.
  var lastImmediateRetry: Duration?
  /// How many connections in a row were lost soon after they were taken up.
  var quickLosses = 0

  var outbox = Outbox()
  /// What all channels hold.
  var held = OutboundLoad()
  var pings = Pings()
  var reauthentication = Reauthentication()
  var recovery: RecoveryKey?
  var hasEnded = false

  var moment = Moment(uptime: .zero, milliseconds: 0, jitter: 1, canRenew: false)
  /// What is to be done and was not taken yet, in order.
  private(set) var effects: [RealtimeEffect] = []

  init(_ settings: RealtimeSettings, recovering recovery: RecoveryKey? = nil) {
    self.settings = settings
    self.recovery = recovery
    details = Details()
    guard let recovery else { return }
    outbox.begin(at: recovery.msgSerial)
    for (name, serial) in recovery.channelSerials {
      channels[name] = ChannelMachine(name, recovering: serial)
    }
  }

  /// Something happened: what is to be done about it is added to ``effects``.
  mutating func note(_ event: RealtimeEvent, at moment: Moment) {
    self.moment = moment
    dispatch(event)
  }

  /// What is to be done since this was asked last, in order.
  mutating func takeEffects() -> [RealtimeEffect] {
    defer { effects = [] }
    return effects
  }

  /// - Returns: what is to be done, in order.
  mutating func handle(_ event: RealtimeEvent, at moment: Moment) -> [RealtimeEffect] {
    note(event, at: moment)
    return takeEffects()
  }

  mutating func emit(_ effect: RealtimeEffect) { effects.append(effect) }

  private mutating func dispatch(_ event: RealtimeEvent) {
    guard !hasEnded else { return refuse(event) }
    switch event {
    case .connect: connect()
    case .close: close()
    case .end: end()
    case .due: while let name = deadlines.popDue(at: moment.uptime) { passed(name) }
    case .network(let isAvailable): network(isAvailable: isAvailable)
    case .authenticated(let number, let credentials): authenticated(number, credentials)
    case .notAuthenticated(let number, let error): notAuthenticated(number, error)
    case .frame(let number, let message): frame(number, message)
    case .activity(let number): if isCurrent(number) { heardFromService() }
    case .lost(let number, let error, let isHostFailure): lost(number, error, isHostFailure: isHostFailure)
    case .alternatives(let number, let origins): found(number, origins)
    case .authorizing(let call): authorizing(call)
    case .authorized(let credentials, let ticket, let call): authorized(credentials, ticket, of: call)
    case .notAuthorized(let error, let call): notAuthorized(error, of: call)
    case .renewed(let credentials): renewed(credentials)
    case .notRenewed(let error): notReauthenticated(error)
    case .notWritten(let serial, let error):
      for (_, entry) in outbox.confirmed(from: serial, count: 1) { settle(entry, .failure(error)) }
    case .ping(let ticket, let id): ping(ticket, id: id)
    case .channel(let name, let request): channel(name, request)
    }
  }

  private mutating func passed(_ name: Deadlines.Name) {
    switch name {
    case .connected: notConnectedInTime()
    case .closed: if state == .closing { closed() }
    case .reauthenticated: notReauthenticatedInTime()
    case .retry: if state == .disconnected || state == .suspended { beginAttempt() }
    case .suspend: if state == .disconnected { suspend(errorReason) }
    case .renewal: serviceWantsReauthentication()
    case .activity: silent()
    case .ping(let ticket): notPingedInTime(ticket)
    case .channel(let name, let deadline): withChannel(name) { $0.passed(deadline, $1) }
    }
  }

  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Whether a socket of this number is the present one.
  func isCurrent(_ number: Int) -> Bool {
    switch link {
    case .opening(number, _), .live(number, _): true
    default: false
    }
  }
}

extension RealtimeMachine {
  /// What the service said about the connection, over what holds where it said nothing (RTN21).
  struct Details: Sendable {
    var clientId: String?
    var stateTTL: Duration = .seconds(120)
    var maxIdleInterval: Duration = .zero
    var maxMessageSize: Int?
    var maxFrameSize: Int?

    mutating func take(_ details: ConnectionDetails?) {
      guard let details else { return }
      clientId = details.clientId
      stateTTL = details.connectionStateTTL ?? stateTTL
      maxIdleInterval = details.maxIdleInterval ?? maxIdleInterval
      maxMessageSize = details.maxMessageSize ?? maxMessageSize
      maxFrameSize = details.maxFrameSize ?? maxFrameSize
    }
  }
}
