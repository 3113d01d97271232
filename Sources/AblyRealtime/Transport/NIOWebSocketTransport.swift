internal import AblyAuth
internal import AblyTokens
public import NIOCore
internal import NIOHTTP1
public import NIOPosix
public import NIOSSL
internal import NIOWebSocket
internal import Synchronization

/// Opens WebSockets with SwiftNIO.
///
/// Nobody has to shut it down: it owns no threads, and its sockets are closed by the clients that opened them.
public final class NIOWebSocketTransport: RealtimeTransport {
  /// The one that clients share.
  static let shared = NIOWebSocketTransport(openTimeout: .seconds(4))

  private let group: any EventLoopGroup
  private let tls: TLSConfiguration
  private let openTimeout: TimeAmount
  private let context = Locked<NIOSSLContext?>(nil)

  /// Makes a transport.
  ///
  /// - Parameters:
  ///   - tls: trusted certificates and the like.
  ///   - openTimeout: how long making a connection may take.
  ///   - group: the event loops to use.
  public init(
    tls: TLSConfiguration = .makeClientConfiguration(), openTimeout: Duration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.group = group
    self.tls = tls
    self.openTimeout = TimeAmount(openTimeout)
  }

  /// Begins to open a WebSocket; see ``RealtimeTransport``.
  public func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    let socket = NIOWebSocketConnection(receive)
    do {
      let context = request.isSecure ? try sharedContext() : nil
      ClientBootstrap(group: group)
        .connectTimeout(openTimeout)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try Self.setUp(channel, for: request, context, socket)
          }
        }
        .connect(host: request.host, port: request.port)
        .whenFailure { socket.ended(HTTPFailure($0)) }
    } catch {
      socket.ended(HTTPFailure(.tls, "\(error)"))
    }
    return socket
  }

  /// Reading the trusted certificates takes long, so it is done once.
  private func sharedContext() throws -> NIOSSLContext {
    try context.withLock { context in
      if let context { return context }
      let new = try NIOSSLContext(configuration: tls)
      context = new
      return new
    }
  }

  private static func setUp(
    _ channel: any Channel, for request: RealtimeRequest, _ context: NIOSSLContext?,
    _ socket: NIOWebSocketConnection
  ) throws {
    socket.begins(on: channel)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ConnectedHandler(socket))
    if let context {
      let isAddress = (try? SocketAddress(ipAddress: request.host, port: 0)) != nil
      try pipeline.addHandler(
        NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : request.host))
    }
    let upgrader = NIOTypedWebSocketClientUpgrader<Void>(
      // By the handler of the frames, or the socket would have ended before anybody knew why.
      maxFrameSize: request.maximumFrameSize, enableAutomaticErrorHandling: false
    ) { channel, _ in
      channel.eventLoop.makeCompletedFuture { try socket.opened(channel, request.maximumFrameSize) }
    }
    var configuration = NIOUpgradableHTTPClientPipelineConfiguration<Void>(
      upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
        upgradeRequestHead: HTTPRequestHead(
          version: .http1_1, method: .GET, uri: request.target,
          headers: HTTPHeaders([("Host", request.authority)] + request.headers.map { ($0.key, $0.value) })),
        upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusalHandler(socket))
          }
        }))
    // The first frame may share a segment with the answer.
    configuration.leftOverBytesStrategy = .forwardBytes
    try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
      .whenFailure { error in
        socket.upgradeFailed(HTTPFailure(error))
        channel.close(promise: nil)
      }
  }
}

/// Tells the socket that there is a connection.
private final class ConnectedHandler: ChannelInboundHandler {
  typealias InboundIn = Any

  private let socket: NIOWebSocketConnection

  init(_ socket: NIOWebSocketConnection) { self.socket = socket }

  func channelActive(context: ChannelHandlerContext) {
    socket.connected()
    context.fireChannelActive()
  }
}

/// Reads the status of an answer that is no upgrade.
private final class RefusalHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let socket: NIOWebSocketConnection

  init(_ socket: NIOWebSocketConnection) { self.socket = socket }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else { return }
    socket.ended(.refused(status: Int(head.status.code)))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    socket.ended(.closed(code: nil))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    socket.ended(HTTPFailure(error))
    context.close(promise: nil)
  }
}
