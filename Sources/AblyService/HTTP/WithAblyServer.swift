internal import AblyTokens
public import Logging
internal import ServiceLifecycle

/// Runs a server for as long as `body` runs.
///
/// ```swift
/// let core = try ServiceCore(keys: [key])
/// try await withAblyServer(core: core) { address in
///   print("the service is at \(address.url)")
/// }
/// ```
///
/// The server is shut down gracefully when `body` returns or throws, and cancelled with the task that called.
///
/// - Parameters:
///   - core: what answers.
///   - configuration: where and how to listen; on a free port of this machine where none is given.
///   - logger: gets a line for each request; nothing is logged where none is given.
///   - body: gets the address.
/// - Throws: what `body` throws, what ``AblyServer/init(core:configuration:logger:onRunning:)`` and
///   ``AblyServer/run()`` do.
public func withAblyServer<Result: Sendable>(
  core: ServiceCore, configuration: ServerConfiguration = ServerConfiguration(port: 0),
  logger: Logger = Logger(label: "ably-service", factory: { _ in SwiftLogNoOpLogHandler() }),
  _ body: (BoundAddress) async throws -> Result
) async throws -> Result {
  let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
  let server = try AblyServer(core: core, configuration: configuration, logger: logger) {
    announced.yield($0)
  }
  let services = ServiceGroup(services: [server], logger: logger)
  return try await withServices(services, addresses, announced, body)
}
