internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens

/// A client on sockets in memory, with clocks that stand still, and everything that happened to it.
struct Stage: Sendable {
  static let key = "appId.keyId:keySecret"

  let transport: InMemoryRealtimeTransport
  let clock: ManualClock
  let http: StubHTTP
  let client: RealtimeClient
  /// All changes of the connection, for one reader.
  let changes: StateChanges<ConnectionStateChange>

  /// A client with a key, in JSON so that tests can read what is sent, unless changed.
  init(
    http: StubHTTP = StubHTTP(), _ adjust: (inout ClientOptions) throws -> Void = { _ in }
  ) throws {
    var options = try ClientOptions(key: Self.key)
    options.useBinaryProtocol = false
    options.logger = LogCapture().logger
    try adjust(&options)
    transport = InMemoryRealtimeTransport()
    clock = ManualClock()
    self.http = http
    client = try RealtimeClient(
      options: options, transport: transport, httpTransport: http,
      surroundings: Surroundings(clock: clock.hostClock, jitter: { 1 }))
    changes = client.connection.events
  }

  var connection: Connection { client.connection }

  /// Runs the client around `body`, and hangs up on it at the end.
  func run<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try await client.running {
      defer {
        client.close()
        for socket in transport.sockets { socket.happen(.ended(.closed(code: nil))) }
        // One that is being opened meanwhile is given up in time.
        clock.advance(by: .seconds(3600))
      }
      return try await body()
    }
  }

  /// Makes one, and runs it around `body`.
  static func run<Result: Sendable>(
    http: StubHTTP = StubHTTP(), _ adjust: (inout ClientOptions) throws -> Void = { _ in },
    _ body: (Stage) async throws -> Result
  ) async throws -> Result {
    let stage = try Stage(http: http, adjust)
    return try await stage.run { try await body(stage) }
  }

  /// The socket that is opened next.
  func nextSocket() async throws -> InMemoryRealtimeSocket {
    guard let socket = await transport.nextSocket() else { throw CancellationError() }
    return socket
  }

  /// The socket that is opened next, with a connection on it.
  func nextConnection(
    id: String = "connection-1", key: String = "key-1", clientId: String? = nil,
    details: [String: JSONValue] = [:]
  ) async throws -> InMemoryRealtimeSocket {
    let socket = try await nextSocket()
    socket.connected(id: id, key: key, clientId: clientId, details: details)
    try await connection.whenState(.connected)
    return socket
  }

  /// Lets each attempt fail, from the first on, until the connection is suspended.
  func untilSuspended() async throws -> ConnectionStateChange? {
    for await change in changes {
      switch change.current {
      case .connecting: try await nextSocket().happen(.ended(.failed(HTTPFailure(.tls, ""))))
      case .disconnected: clock.advance(by: change.retryIn ?? .zero)
      case .suspended: return change
      default: throw Unexpected(what: change.current.rawValue)
      }
    }
    return nil
  }
}
