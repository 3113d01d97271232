public import AblyAuth
public import AblyRealtime
public import AblyService
public import AblyTokens

/// A service in a test: its keys, clients of it, and what a test may do to it.
public struct AblyTestService: Sendable {
  /// A key that may do everything on every channel.
  public let key: APIKey

  /// A key of the same app that may do as much, and whose tokens can be revoked; they live an hour at most.
  public let revocableKey: APIKey

  /// What the service logs, and clients that are made of ``options``.
  public let log: LogCapture

  /// Carries requests to the service within the process, whether it listens or not.
  public let transport: InProcessTransport

  /// Carries realtime clients' frames to the service within the process, whether it listens or not.
  public let realtimeTransport: InProcessRealtimeTransport

  /// Where it listens; `nil` where it has no port.
  public let address: BoundAddress?

  package let core: ServiceCore
  let manualClock: ManualClock?

  /// The host that options name while there is no port. Nothing looks it up.
  private static let hostInProcess = "ably.test"

  /// Options of a client that holds ``key``, to change as the test needs.
  ///
  /// Where the service listens, any client can be made of them. Where it does not, ``client(_:)`` makes one,
  /// or `RESTClient(options:transport:)` with ``transport``.
  public var options: ClientOptions { options(ClientOptions(key: key)) }

  /// Options of a client that holds a token and nothing else.
  public func options(with token: TokenDetails) -> ClientOptions {
    options(ClientOptions(tokenDetails: token))
  }

  /// These options, pointed at the service: credentials are left as they are.
  ///
  /// Where `httpOpenTimeout`, `httpRequestTimeout` and, without a manual clock, `realtimeRequestTimeout` are the usual
  /// ones, a minute takes their place: a machine that runs a test suite is slow, and a client that gives up fails a
  /// test that is about something else. What you have set stays.
  public func options(_ options: ClientOptions) -> ClientOptions {
    var options = options
    options.endpoint = address?.host ?? Self.hostInProcess
    options.tls = address?.isSecure ?? true
    if let address {
      options.port = address.port
      options.tlsPort = address.port
    }
    options.allowsBasicAuthOnLoopback = true
    options.fallbackHosts = []
    options.logger = log.logger
    // The time of a client is this machine's; a manual one is not.
    if manualClock != nil { options.queryTime = true }
    let usual = ClientOptions()
    for timeout in patientTimeouts where options[keyPath: timeout] == usual[keyPath: timeout] {
      options[keyPath: timeout] = .seconds(60)
    }
    return options
  }

  // By a manual clock a connection waits for as long as the test has it.
  private var patientTimeouts: [WritableKeyPath<ClientOptions, Duration>] {
    var timeouts: [WritableKeyPath<ClientOptions, Duration>] = [\.httpOpenTimeout, \.httpRequestTimeout]
    if manualClock == nil { timeouts.append(\.realtimeRequestTimeout) }
    return timeouts
  }

  /// A client within the process, of ``options`` unless you give others. It goes by the manual clock where
  /// there is one.
  ///
  /// - Throws: as `RESTClient.init(options:transport:)`.
  public func client(_ options: ClientOptions? = nil) throws(ErrorInfo) -> RESTClient {
    try RESTClient(
      options: options ?? self.options, transport: transport,
      clock: manualClock?.hostClock ?? .system)
  }

  /// Runs a realtime client within the process for as long as `body` runs, of ``options`` unless you give others. It
  /// goes by the manual clock where there is one: what it waits for comes when the clock is moved.
  ///
  /// - Throws: what `RealtimeClient.init(options:transport:httpTransport:)` and `body` throw.
  public func withRealtimeClient<Result: Sendable>(
    _ options: ClientOptions? = nil, _ body: (RealtimeClient) async throws -> Result
  ) async throws -> Result {
    let client = try RealtimeClient(
      options: options ?? self.options, transport: realtimeTransport, httpTransport: transport,
      surroundings: Surroundings(clock: manualClock?.hostClock ?? .system))
    return try await client.running { try await body(client) }
  }

  /// Issues a token.
  ///
  /// - Parameters:
  ///   - params: what it shall be like.
  ///   - key: the key it is of; ``key`` where none is given.
  /// - Throws: the service's refusal.
  public func token(
    _ params: TokenParams = TokenParams(), of key: APIKey? = nil
  ) async throws(ErrorInfo) -> TokenDetails {
    var options = options(ClientOptions(key: key ?? self.key))
    options.queryTime = true
    return try await client(options).auth.requestToken(params)
  }
}
