internal import AblyService
internal import AblyTokenEndpoint
internal import Logging
internal import ServiceLifecycle

/// Serves an endpoint on a free port of this machine for as long as `body` runs, which gets its address.
func withEndpointServer<Result: Sendable>(
  _ endpoint: TokenEndpoint, _ body: (_ url: String) async throws -> Result
) async throws -> Result {
  let (addresses, announced) = AsyncStream.makeStream(of: String.self)
  let configuration = EndpointServerConfiguration(port: 0)
  let logger = Logger(label: "quickstart", factory: { _ in SwiftLogNoOpLogHandler() })
  let server = try EndpointServer(endpoint, configuration: configuration, logger: logger) { host, port in
    announced.yield("http://\(host):\(port)\(configuration.path)")
  }
  let services = ServiceGroup(services: [server], logger: logger)
  return try await withServices(services, addresses, announced, body)
}
