public import AblyTokens
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// A ``ServiceCore`` behind HTTP, as a service that a `ServiceGroup` runs and stops.
///
/// On graceful shutdown it takes no more connections, closes those that are idle, and lets requests that have
/// begun finish.
public struct AblyServer: Service {
  private let front: HTTPFront
  private let webSockets: WebSocketFront
  private let configuration: ServerConfiguration
  private let builder: HTTPServerBuilder
  private let onRunning: @Sendable (BoundAddress) async -> Void

  /// Prepares a server; ``run()`` starts it.
  ///
  /// - Parameters:
  ///   - core: what answers.
  ///   - configuration: where and how to listen.
  ///   - logger: gets a line for each request: method, path, status, code and duration, never a credential.
  ///   - onRunning: called once it listens.
  /// - Throws: 40103 when it would speak plain HTTP on an address that other machines can reach and
  ///   ``ServerConfiguration/allowsPublicPlainText`` is not set; 40003 for a port that does not exist; 40000
  ///   when the certificate or its key cannot be read, or they do not belong together.
  public init(
    core: ServiceCore, configuration: ServerConfiguration = ServerConfiguration(),
    logger: Logger = Logger(label: "ably-service"),
    onRunning: @escaping @Sendable (BoundAddress) async -> Void = { _ in }
  ) throws(ErrorInfo) {
    try Self.check(configuration)
    self.configuration = configuration
    self.onRunning = onRunning
    webSockets = WebSocketFront(
      core: core, isSecure: configuration.tls != nil, limits: configuration.limits, logger: logger)
    front = HTTPFront(
      core: core, isSecure: webSockets.isSecure, limits: configuration.limits, logger: logger,
      errands: webSockets.errands)
    builder = try Self.builder(
      configuration, front, webSockets, behind: ConnectionGate(configuration.limits, metrics: core.metrics))
  }

  /// Listens until it is shut down or cancelled.
  ///
  /// - Throws: 40000 when the port cannot be listened on, for example because it is taken; 40003 when this machine
  ///   has no address of that name.
  public func run() async throws {
    try await withGracefulShutdownHandler {
      try await listen()
    } onGracefulShutdown: { [front] in
      front.core.setReady(false)
    }
  }

  private func listen() async throws {
    let hasBegun = Atomic(false)
    let server = try builder.buildServer(
      configuration: HummingbirdCore.ServerConfiguration(
        address: .hostname(configuration.host, port: configuration.port)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: front.logger,
      // Never asked: connections have handlers of their own.
      responder: { _, _, _ in },
      onServerRunning: { channel in
        hasBegun.store(true, ordering: .relaxed)
        await announce(channel)
      })
    do {
      try await run(server)
    } catch let error where !(error is CancellationError) && !hasBegun.load(ordering: .relaxed) {
      throw ListeningFailure(
        errno: (error as? IOError)?.errnoCode, isUnknownHost: error is SocketAddressError.UnknownHost,
        text: "\(error)"
      ).error(configuration.host, configuration.port)
    }
  }

  private func run(_ server: any Service) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await serve(server) }
      tasks.addTask { await front.core.runDeadlines() }
      tasks.addTask { await webSockets.errands.run() }
      try await tasks.next()
      tasks.cancelAll()
    }
  }

  /// Until the last socket is gone, for which no task of the server waits.
  private func serve(_ server: any Service) async throws {
    try await withTaskCancellationHandler {
      do { try await server.run() } catch {
        webSockets.sockets.closeAll()
        await webSockets.sockets.waitUntilGone()
        throw error
      }
      await webSockets.sockets.waitUntilGone()
    } onCancel: {
      webSockets.sockets.closeAll()
    }
  }

  private func announce(_ channel: any Channel) async {
    let address = channel.localAddress
    await onRunning(
      BoundAddress(
        host: address?.ipAddress ?? configuration.host, port: address?.port ?? configuration.port,
        isSecure: configuration.tls != nil))
  }

  private static func check(_ configuration: ServerConfiguration) throws(ErrorInfo) {
    guard (0...65535).contains(configuration.port) else {
      throw ErrorInfo(
        .invalidParameterValue, "there is no port \(configuration.port)", remedy: "Take one from 0 to 65535.")
    }
    try LimitCheck.time("idleTimeout", configuration.idleTimeout)
    try configuration.limits.check()
    let isPublic = !Loopback.contains(host: configuration.host)
    guard configuration.tls != nil || configuration.allowsPublicPlainText || !isPublic else {
      throw ErrorInfo(
        .basicAuthOverInsecureTransport,
        "other machines can connect to \(configuration.host), and without TLS read tokens on their way",
        remedy: "Give a certificate and its key, or listen on 127.0.0.1, or allow it explicitly.")
    }
  }

  private static func builder(
    _ configuration: ServerConfiguration, _ front: HTTPFront, _ webSockets: WebSocketFront,
    behind gate: ConnectionGate
  ) throws(ErrorInfo) -> HTTPServerBuilder {
    let plain = HTTPServerBuilder { _ in
      GuardedChannel(
        base: HTTPOrWebSocketChannel(
          front: front, idleTimeout: configuration.idleTimeout, limits: configuration.limits,
          webSockets: webSockets), gate: gate)
    }
    guard let files = configuration.tls else { return plain }
    let tls = try files.configuration()
    do { return try .tls(plain, tlsConfiguration: tls) } catch {
      throw ErrorInfo(
        .badRequest, "the certificate \(files.certificatePath) or its key cannot be used: \(error)",
        remedy: "Give two PEM files that belong together.")
    }
  }
}
