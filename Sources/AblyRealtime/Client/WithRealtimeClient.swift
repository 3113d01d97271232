public import AblyAuth
internal import AblyTokens

/// Runs a client as long as a closure does, and closes its connection then.
///
/// - Parameters:
///   - options: credentials and where to connect.
///   - transport: what opens sockets; SwiftNIO where it is absent.
///   - httpTransport: what carries requests over HTTP; async-http-client where it is absent.
///   - body: what to do with the client.
/// - Throws: what `RealtimeClient.init(options:transport:httpTransport:)` and the closure throw.
public func withRealtimeClient<Result: Sendable>(
  _ options: ClientOptions, transport: (any RealtimeTransport)? = nil,
  httpTransport: (any HTTPTransport)? = nil, _ body: (RealtimeClient) async throws -> Result
) async throws -> Result {
  let client = try RealtimeClient(options: options, transport: transport, httpTransport: httpTransport)
  return try await client.running { try await body(client) }
}

extension RealtimeClient {
  /// How long the service has to answer.
  package var requestTimeout: Duration { engine.options.realtimeRequestTimeout }

  /// Runs as long as a closure does.
  package func running<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    // Before the closure, so that what it asks for finds a client that runs.
    try engine.begin()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.engine.untilEnd() }
      defer { group.cancelAll() }
      return try await body()
    }
  }
}
