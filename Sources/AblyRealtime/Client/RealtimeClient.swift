public import AblyAuth
public import AblyTokens
public import ServiceLifecycle

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A client that stays connected (RTC).
///
/// Let it run, in a task of yours or in a service group: it connects while it runs, and only then. When that task
/// is cancelled, or the group shuts down, it closes its connection and returns.
public final class RealtimeClient: Service {
  /// The client for the same service over HTTP, with the same ``auth``.
  public let rest: RESTClient

  let engine: RealtimeEngine

  /// Makes a client of options. It connects when it runs.
  ///
  /// - Parameters:
  ///   - options: credentials and where to connect.
  ///   - transport: what opens sockets; SwiftNIO where it is absent.
  ///   - httpTransport: what carries requests over HTTP; async-http-client where it is absent.
  /// - Throws: as `RESTClient.init(options:transport:)` (RTC12).
  public convenience init(
    options: ClientOptions, transport: (any RealtimeTransport)? = nil,
    httpTransport: (any HTTPTransport)? = nil
  ) throws(ErrorInfo) {
    try self.init(
      options: options, transport: transport, httpTransport: httpTransport, surroundings: Surroundings())
  }

  /// Makes a client of a key or a token: a `:` means a key (RTC12).
  ///
  /// - Throws: 40400 for a malformed key, else as ``init(options:transport:httpTransport:)``.
  public convenience init(_ keyOrToken: String) throws(ErrorInfo) {
    try self.init(options: ClientOptions(keyOrToken: keyOrToken))
  }

  /// - Parameter surroundings: clocks and the like, for tests.
  package init(
    options: ClientOptions, transport: (any RealtimeTransport)?, httpTransport: (any HTTPTransport)?,
    surroundings: Surroundings
  ) throws(ErrorInfo) {
    rest = try RESTClient(options: options, transport: httpTransport, clock: surroundings.clock)
    engine = RealtimeEngine(
      options, rest: rest, transport: transport ?? Self.transport(for: options), surroundings: surroundings)
  }

  private static func transport(for options: ClientOptions) -> NIOWebSocketTransport {
    options.httpOpenTimeout == ClientOptions.defaultOpenTimeout
      ? .shared : NIOWebSocketTransport(openTimeout: options.httpOpenTimeout)
  }

  /// Credentials and tokens (RTC4). `authorize` changes the token of the connection (RTC8).
  public var auth: Auth { rest.auth }

  /// The identity this client has, as `Auth.clientId` (RTC17).
  public var clientId: String? { auth.clientId }

  /// The connection (RTC2).
  public var connection: Connection { Connection(engine: engine) }

  /// The channels (RTC3).
  public var channels: RealtimeChannels { RealtimeChannels(engine: engine) }

  /// Runs the client until the task is cancelled, or a graceful shutdown begins.
  ///
  /// It connects at once, unless `ClientOptions.autoConnect` is off (RTN3). At the end it closes the
  /// connection properly, for which the service has `ClientOptions.realtimeRequestTimeout`; sequences of
  /// events then end, and whoever waits for something learns that it will not come.
  ///
  /// - Throws: 40000 when it runs already, or has run.
  public func run() async throws(ErrorInfo) {
    try engine.begin()
    await engine.untilEnd()
  }

  /// Makes a connection, as ``Connection/connect()`` (RTC15).
  public func connect() { engine.connect() }

  /// Closes the connection, as ``Connection/close()`` (RTC16). The client goes on.
  public func close() { engine.close() }

  /// The service's time, as `RESTClient.time()` (RTC6).
  public func time() async throws(ErrorInfo) -> Date { try await rest.time() }

  /// Sends a request over HTTP, as `RESTClient.request(_:_:version:params:body:headers:)` (RTC9).
  public func request(
    _ method: String, _ path: String, version: Int? = nil, params: [String: String] = [:],
    body: JSONValue? = nil, headers: [String: String] = [:]
  ) async throws(ErrorInfo) -> HTTPPaginatedResponse {
    try await rest.request(method, path, version: version, params: params, body: body, headers: headers)
  }
}
