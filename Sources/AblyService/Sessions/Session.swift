internal import AblyTokens
internal import AblyWire

/// One connection of one client, over one socket after the other.
///
/// It decides what is due when; ``RealtimeHub`` carries that to the channels and sockets it concerns.
struct Session: Sendable {
  private(set) var key: ConnectionKey
  let openedAt: Int64

  private(set) var parameters: ConnectParameters
  /// Apart, since a session is looked at far more often than what its client may do.
  private var boxedPrincipal: BoxedPrincipal

  private indirect enum BoxedPrincipal {
    case principal(Principal)
  }

  private(set) var principal: Principal {
    get {
      switch boxedPrincipal {
      case .principal(let principal): principal
      }
    }
    set { boxedPrincipal = .principal(newValue) }
  }

  /// `nil` while the client is away.
  private(set) var transport: TransportID?

  /// The channels it has attached, now or before its socket went.
  var channels: Set<ChannelName> = []

  /// What its members take in memory, in bytes, roughly.
  var memberWeight = 0

  /// What its attachments take in memory, in bytes, roughly.
  var attachmentWeight = 0

  /// Whether it went on where another socket ended, so that its channels can.
  private(set) var isResumed = false

  /// Answers that wait for the log of the cluster.
  var answers = AnswerQueue()

  /// Whether it has or had members, as far as the log of the cluster may know.
  var hasEntered = false

  /// Where the log says that it goes on at this node; before everything where it began here.
  var takenAt = LogPosition.start

  /// When the entry in the queue of deadlines comes up.
  var scheduledAt: Int64?

  private var lastSent: Int64
  private var warnsAt: Int64?
  private var expiresAt: Int64?
  private var revokedAt: Int64?
  private(set) var endsAt: Int64?
  private var leavesAt: Int64?
  private var reauths: [Int64] = []
  private var allowances = PublishAllowances()

  init(
    key: ConnectionKey, _ parameters: ConnectParameters, _ principal: Principal, over transport: TransportID,
    now: Int64, _ settings: RealtimeSettings
  ) {
    self.key = key
    self.parameters = parameters
    boxedPrincipal = .principal(principal)
    self.transport = transport
    openedAt = now
    lastSent = now
    watch(principal.token, now: now, settings)
  }

  var id: String { key.connectionId }

  /// Its client is here again.
  mutating func resume(
    _ parameters: ConnectParameters, _ principal: Principal, over transport: TransportID, now: Int64,
    _ settings: RealtimeSettings
  ) {
    self.parameters = parameters
    self.transport = transport
    isResumed = true
    // What was not answered comes again (RTN19a).
    answers = AnswerQueue()
    endsAt = nil
    leavesAt = nil
    lastSent = now
    renew(principal, now: now, settings)
  }

  /// Its client has shown other credentials, which were found good.
  mutating func renew(_ principal: Principal, now: Int64, _ settings: RealtimeSettings) {
    self.principal = principal
    watch(principal.token, now: now, settings)
  }

  /// Another key of the same connection: it says whose it is, and that may have changed.
  mutating func change(_ key: ConnectionKey) { self.key = key }

  /// Its key may do something else by now.
  mutating func narrow(to key: IssuingKey) {
    principal = Principal(
      key: key,
      capability: principal.hasKey ? key.capability : principal.capability.left(by: key.capability),
      identity: principal.identity, hasKey: principal.hasKey, token: principal.token, terms: principal.terms)
  }

  // A token of less than the time of the warning is not warned about: its successor would be as short, and
  // asked for at once.
  private mutating func watch(_ token: BearerToken?, now: Int64, _ settings: RealtimeSettings) {
    revokedAt = nil
    expiresAt = token?.expires
    warnsAt = token.map { $0.expires - settings.expiryWarning }.flatMap { $0 > now ? $0 : nil }
  }

  /// Its socket is gone.
  mutating func lose(now: Int64, _ settings: RealtimeSettings) {
    transport = nil
    endsAt = now + settings.connectionStateTTL
    leavesAt = parameters.remainPresentFor.map { now + min($0, settings.connectionStateTTL) }
  }

  mutating func noteSent(at now: Int64) { lastSent = now }

  /// Whether the client may show credentials once more.
  mutating func mayReauth(at now: Int64, _ settings: RealtimeSettings) -> Bool {
    guard settings.countsLoopback || !parameters.isLoopback else { return true }
    reauths.removeAll { $0 + settings.reauthWindow <= now }
    reauths.append(now)
    return reauths.count <= settings.maximumReauths
  }

  /// Whether so many messages may be published on a channel, of at most `rate` in each second. Counted whether it is
  /// attached or not, and however often.
  mutating func mayPublish(_ count: Int, on channel: ChannelName, at now: Int64, rate: Int) -> Bool {
    allowances.take(count, on: channel, at: now, rate: rate)
  }

  /// Its token is refused from `time` on.
  mutating func revoke(at time: Int64) { revokedAt = min(time, revokedAt ?? time) }

  /// Its token ends now.
  mutating func expire(at time: Int64) {
    expiresAt = time
    warnsAt = nil
  }

  /// When something is due next.
  func nextDeadline(_ settings: RealtimeSettings) -> Int64? {
    guard transport != nil else { return [leavesAt, endsAt].compactMap(\.self).min() }
    return [warnsAt, expiresAt, revokedAt, lastSent + settings.maxIdleInterval].compactMap(\.self).min()
  }

  /// What is due; each thing once.
  enum Due: Sendable, Hashable {
    /// Nobody came back in time.
    case end
    /// Nobody came back in time to remain present.
    case leave
    case expired
    case revoked
    /// The client is to show a new token.
    case warn
    /// The service has been silent for too long.
    case silence
  }

  mutating func takeDue(at now: Int64, _ settings: RealtimeSettings) -> Due? {
    guard transport != nil else { return takeDueWhileAway(at: now) }
    if let warnsAt, warnsAt <= now, warnsAt <= min(expiresAt ?? now, revokedAt ?? now) {
      self.warnsAt = nil
      return .warn
    }
    if let revokedAt, revokedAt <= now { return .revoked }
    if let expiresAt, expiresAt <= now { return .expired }
    guard lastSent + settings.maxIdleInterval <= now else { return nil }
    lastSent = now
    return .silence
  }

  private mutating func takeDueWhileAway(at now: Int64) -> Due? {
    if let leavesAt, leavesAt <= now {
      self.leavesAt = nil
      return .leave
    }
    guard let endsAt, endsAt <= now else { return nil }
    return .end
  }
}
