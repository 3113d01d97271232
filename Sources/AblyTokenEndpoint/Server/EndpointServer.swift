public import AblyTokens
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle

/// An endpoint behind a server of its own, as a service that a `ServiceGroup` runs and stops.
///
/// There is one route, so there is no router; and an answer that needs no waiting is given on the thread that read
/// the request. Beside the endpoint it answers `/health`, `/ready` and `/metrics`.
public struct EndpointServer: Service {
  private let site: EndpointSite
  private let configuration: EndpointServerConfiguration
  private let tls: TLSConfiguration?
  private let logger: Logger
  private let onRunning: @Sendable (_ host: String, _ port: Int) async -> Void

  /// Prepares a server; ``run()`` starts it.
  ///
  /// - Parameters:
  ///   - endpoint: what answers.
  ///   - configuration: where and how to listen.
  ///   - metrics: the text of `/metrics`; without it there is no such page.
  ///   - logger: where the server logs to.
  ///   - onRunning: called once it listens.
  /// - Throws: 40003 for a port or path that cannot be; 40000 when the certificate or its key cannot be used.
  public init(
    _ endpoint: TokenEndpoint, configuration: EndpointServerConfiguration = EndpointServerConfiguration(),
    metrics: (@Sendable () -> String)? = nil, logger: Logger = Logger(label: "ably-token-endpoint"),
    onRunning: @escaping @Sendable (_ host: String, _ port: Int) async -> Void = { _, _ in }
  ) throws(ErrorInfo) {
    try self.init(
      endpoint, pages: nil, configuration: configuration, metrics: metrics, logger: logger,
      onRunning: onRunning)
  }

  /// The same with pages beside the endpoint, which are asked first.
  package init(
    _ endpoint: TokenEndpoint, pages: EndpointPages?, configuration: EndpointServerConfiguration,
    metrics: (@Sendable () -> String)?, logger: Logger,
    onRunning: @escaping @Sendable (_ host: String, _ port: Int) async -> Void
  ) throws(ErrorInfo) {
    guard (0...65535).contains(configuration.port) else {
      throw ErrorInfo(
        .invalidParameterValue, "there is no port \(configuration.port)", remedy: "Take one from 0 to 65535.")
    }
    let isPath = configuration.path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 }
    guard configuration.path.hasPrefix("/"), isPath else {
      throw ErrorInfo(
        .invalidParameterValue, "the endpoint's path has to begin with a / and to have no query",
        remedy: "Give one such as /auth.")
    }
    self.configuration = configuration
    self.logger = logger
    self.onRunning = onRunning
    tls = try configuration.tls.map { files throws(ErrorInfo) in try Self.tls(files) }
    site = EndpointSite(endpoint, path: configuration.path, metrics: metrics, pages: pages)
  }

  /// Listens until it is shut down or cancelled.
  ///
  /// - Throws: 40000 when the port cannot be listened on, for example because it is taken; 40003 when this machine has
  ///   no address of that name.
  public func run() async throws {
    let channel = EndpointChannel(
      site: site, idleTimeout: TimeAmount(configuration.idleTimeout), gate: ConnectionGate(configuration))
    let settings = HummingbirdCore.ServerConfiguration(
      address: .hostname(configuration.host, port: configuration.port), backlog: 1024)
    let server: any Service =
      if let tls {
        try TLSChannel(channel, tlsConfiguration: tls).server(
          configuration: settings, onServerRunning: announce,
          eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
      } else {
        channel.server(
          configuration: settings, onServerRunning: announce,
          eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
      }
    do {
      try await withGracefulShutdownHandler {
        try await server.run()
      } onGracefulShutdown: { [site] in
        site.beginShutdown()
      }
    } catch let error where !(error is CancellationError) {
      throw ListeningFailure(
        errno: (error as? IOError)?.errnoCode, isUnknownHost: error is SocketAddressError.UnknownHost,
        text: "\(error)"
      ).error(configuration.host, configuration.port)
    }
  }

  @Sendable
  private func announce(_ channel: any Channel) async {
    let address = channel.localAddress
    await onRunning(address?.ipAddress ?? configuration.host, address?.port ?? configuration.port)
  }

  private static func tls(
    _ files: (certificatePath: String, keyPath: String)
  ) throws(ErrorInfo) -> TLSConfiguration {
    do {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificatePath).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: files.keyPath, format: .pem)))
      configuration.minimumTLSVersion = .tlsv12
      // Made here so that files which do not belong together are told before the server runs.
      _ = try NIOSSLContext(configuration: configuration)
      return configuration
    } catch {
      throw ErrorInfo(
        .badRequest, "the certificate \(files.certificatePath) or its key cannot be used: \(error)",
        remedy: "Give two PEM files that belong together.")
    }
  }
}
