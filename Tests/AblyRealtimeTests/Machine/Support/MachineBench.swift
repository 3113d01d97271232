internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyRealtime

/// A machine on a table: its clock, and what the world does around it.
struct MachineBench {
  var machine: RealtimeMachine
  var now: Duration = .zero
  var canRenew = true
  var clientId: String?
  var jitter = 1.0
  /// The token that the next credentials hold.
  var serial = 0
  /// Everything that was to be done, since the beginning.
  var log: [RealtimeEffect] = []
  private var lastTicket = 0

  init(recover: RecoveryKey? = nil, _ set: (inout ClientOptions) -> Void = { _ in }) throws {
    var options = ClientOptions()
    options.token = "given"
    set(&options)
    machine = RealtimeMachine(RealtimeSettings(options, at: try Endpoint(options)), recovering: recover)
    clientId = options.clientId
  }

  // MARK: Events

  @discardableResult
  mutating func on(_ event: RealtimeEvent) -> [RealtimeEffect] {
    let moment = Moment(
      uptime: now, milliseconds: 1_000_000 + Int64(now / .milliseconds(1)), jitter: jitter,
      canRenew: canRenew,
      clientId: clientId)
    let effects = machine.handle(event, at: moment)
    for case .identified(let stated) in effects { if let stated { clientId = stated } }
    log += effects
    return effects
  }

  /// Lets time pass, deadline by deadline.
  @discardableResult
  mutating func advance(_ duration: Duration) -> [RealtimeEffect] {
    let end = now + duration
    var effects: [RealtimeEffect] = []
    while let next = machine.deadlines.next, next <= end {
      now = max(now, next)
      effects += on(.due)
    }
    now = end
    return effects
  }

  @discardableResult
  mutating func channel(_ name: String, _ request: (Ticket) -> ChannelRequest) -> Ticket {
    let ticket = ticket()
    on(.channel(name, request(ticket)))
    return ticket
  }

  mutating func ticket() -> Ticket {
    lastTicket += 1
    return lastTicket
  }

  /// Another token.
  mutating func token() -> Credentials {
    serial += 1
    return Credentials(token: "token-\(serial)", serial: serial)
  }

  /// Credentials for whoever asked last.
  @discardableResult
  mutating func authenticate(_ credentials: Credentials? = nil) -> [RealtimeEffect] {
    let credentials = credentials ?? token()
    return on(.authenticated(machine.lastNumber, credentials))
  }

  /// A frame on the latest socket.
  @discardableResult
  mutating func receive(
    _ action: ProtocolAction, channel: String? = nil, error: ErrorInfo? = nil,
    _ set: (inout ProtocolMessage) -> Void = { _ in }
  ) -> [RealtimeEffect] {
    var message = ProtocolMessage(action)
    message.channel = channel
    message.error = error
    set(&message)
    return on(.frame(machine.lastNumber, message))
  }

  /// The service confirms the connection.
  @discardableResult
  mutating func confirm(
    id: String = "one", key: String = "key-one", clientId: String? = nil, error: ErrorInfo? = nil,
    maxIdleInterval: Duration? = nil, stateTTL: Duration? = nil
  ) -> [RealtimeEffect] {
    receive(.connected, error: error) {
      $0.connectionId = id
      var details = ConnectionDetails()
      details.connectionKey = Secret(key)
      details.clientId = clientId
      details.maxIdleInterval = maxIdleInterval
      details.connectionStateTTL = stateTTL
      $0.connectionDetails = details
    }
  }

  /// The socket breaks.
  @discardableResult
  mutating func lose(isHostFailure: Bool = false) -> [RealtimeEffect] {
    on(.lost(machine.lastNumber, .broken, isHostFailure: isHostFailure))
  }

  // MARK: Situations

  static func connected(_ set: (inout ClientOptions) -> Void = { _ in }) throws -> MachineBench {
    var bench = try MachineBench(set)
    bench.on(.connect)
    bench.authenticate()
    bench.confirm(clientId: bench.clientId)
    return bench
  }

  /// A connected one with an attached channel.
  static func attached(
    _ name: String = "news", _ set: (inout ClientOptions) -> Void = { _ in }
  ) throws -> MachineBench {
    var bench = try connected(set)
    bench.channel(name) { .attach($0) }
    bench.receive(.attached, channel: name)
    bench.log = []
    return bench
  }

  /// Brings it into a state, as far as events lead there.
  mutating func bring(to state: ConnectionState) {
    switch state {
    case .initialized: break
    case .connecting: on(.connect)
    case .connected:
      on(.connect)
      authenticate()
      confirm()
    case .disconnected:
      on(.connect)
      on(.notAuthenticated(machine.lastNumber, .broken))
    case .suspended:
      bring(to: .disconnected)
      while machine.state != .suspended {
        if case .authenticating(let number) = machine.link { on(.notAuthenticated(number, .broken)) }
        if machine.state != .suspended { advance(.seconds(10)) }
      }
    case .closing:
      bring(to: .connected)
      on(.close)
    case .closed:
      bring(to: .closing)
      receive(.closed)
    case .failed:
      on(.connect)
      authenticate()
      receive(.error, error: .refusal)
    }
    log = []
  }
}

extension ErrorInfo {
  static let broken = ErrorInfo(.connectionDisconnected, "the socket broke")
  static let refusal = ErrorInfo(.invalidCredentials, "no", statusCode: 401)
  static let expired = ErrorInfo(.tokenExpired, "the token has expired", statusCode: 401)
  static let forbidden = ErrorInfo(.forbidden, "never", statusCode: 403)
}
