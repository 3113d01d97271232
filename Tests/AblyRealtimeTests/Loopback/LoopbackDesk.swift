internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTesting
internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A service on a free port of this machine, and realtime clients of it over real sockets.
struct LoopbackDesk: Sendable {
  static let key = "appId.keyId:keySecret"
  static let revocableKey = "appId.revocable:otherSecret"

  let address: BoundAddress
  /// The service's clocks, which stand still.
  let clock: ManualClock

  /// Runs a service around `body`.
  static func open<Result: Sendable>(
    _ configuration: ServerConfiguration = ServerConfiguration(port: 0),
    _ body: (LoopbackDesk) async throws -> Result
  ) async throws -> Result {
    // Clients go by this machine's clock, and sign what has to be new for the service.
    let clock = ManualClock(Date())
    let time = clock.hostClock
    let core = try ServiceCore(
      keys: [ServiceKey(APIKey(key)), ServiceKey(APIKey(revocableKey), revocableTokens: true)],
      clock: time.now, timer: ServiceTimer(uptime: time.uptime, sleep: time.sleepUntil))
    return try await withAblyServer(core: core, configuration: configuration) {
      try await body(LoopbackDesk(address: $0, clock: clock))
    }
  }

  /// Options of somebody who holds the key.
  func options(
    key: String = Self.key, _ adjust: (inout ClientOptions) throws -> Void = { _ in }
  ) throws -> ClientOptions {
    var options = try ClientOptions(key: key)
    options.endpoint = address.host
    options.port = address.port
    options.tls = false
    options.allowsBasicAuthOnLoopback = true
    // Hundreds of tests share two processors: no time but a test's own clock is to decide.
    options.httpOpenTimeout = .seconds(300)
    options.httpRequestTimeout = .seconds(300)
    try adjust(&options)
    return options
  }

  /// Options of somebody who gets tokens from a server that holds the key.
  func tokenOptions(
    _ params: TokenParams? = nil, _ adjust: (inout ClientOptions) throws -> Void = { _ in }
  ) throws -> ClientOptions {
    let server = try RESTClient(options: options())
    return try options {
      $0.key = nil
      $0.authCallback = { asked in .tokenDetails(try await server.auth.requestToken(params ?? asked)) }
      try adjust(&$0)
    }
  }

  /// Runs a client around `body`, once it is connected.
  func connected<Result: Sendable>(
    _ options: ClientOptions, transport: (any RealtimeTransport)? = nil,
    _ body: (RealtimeClient) async throws -> Result
  ) async throws -> Result {
    try await withRealtimeClient(options, transport: transport) { client in
      try await client.connection.whenState(.connected)
      return try await body(client)
    }
  }
}
