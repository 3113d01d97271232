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
  return try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { announced.finish() }
      try await services.run()
    }
    do {
      guard let url = await addresses.first(where: { _ in true }) else {
        try await tasks.waitForAll()
        throw CancellationError()
      }
      let result = try await body(url)
      await services.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return result
    } catch {
      await services.triggerGracefulShutdown()
      try? await tasks.waitForAll()
      throw error
    }
  }
}
