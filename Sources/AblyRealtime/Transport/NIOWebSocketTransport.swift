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
  static let shared = NIOWebSocketTransport(openTimeout: ClientOptions.defaultOpenTimeout)

  private let group: any EventLoopGroup
  private let tls: TLSConfiguration
  private let openTimeout: TimeAmount
  private let context = Locked<NIOSSLContext?>(nil)

  /// What looks names up; the system where there is none.
  private let resolver: (any Resolver & Sendable)?

  /// Makes a transport.
  ///
  /// - Parameters:
  ///   - tls: trusted certificates and the like.
  ///   - openTimeout: how long making a connection may take.
  ///   - group: the event loops to use.
  public convenience init(
    tls: TLSConfiguration = .makeClientConfiguration(), openTimeout: Duration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.init(tls: tls, openTimeout: openTimeout, group: group, resolver: nil)
  }

  package init(
    tls: TLSConfiguration = .makeClientConfiguration(), openTimeout: Duration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, resolver: (any Resolver & Sendable)?
  ) {
    self.group = group
    self.tls = tls
    self.openTimeout = TimeAmount(openTimeout)
    self.resolver = resolver
  }

  /// Begins to open a WebSocket; see ``RealtimeTransport``.
  public func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    let socket = NIOWebSocketConnection(receive)
    do {
      let context = request.isSecure ? try sharedContext() : nil
      ClientBootstrap(group: group)
        .resolver(resolver)
        .connectTimeout(openTimeout)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        // Until there is somebody to read: a peer may speak first.
        .channelOption(.autoRead, value: false)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try socket.tries(channel) }
        }
        .connect(host: request.host, port: request.port)
        .whenComplete { result in
          switch result {
          case .success(let channel): Self.use(channel, for: request, context, socket)
          case .failure(let error): socket.ended(HTTPFailure(error))
          }
        }
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

  /// Only now: of a host with several addresses more than one is tried at a time, and all but the first that answers
  /// are given up.
  private static func use(
    _ channel: any Channel, for request: RealtimeRequest, _ context: NIOSSLContext?,
    _ socket: NIOWebSocketConnection
  ) {
    guard socket.connected(channel) else { return }
    channel.eventLoop.execute {
      do {
        try setUp(channel, for: request, context, socket)
        try channel.syncOptions?.setOption(.autoRead, value: true)
      } catch {
        socket.ended(HTTPFailure(error))
        channel.close(promise: nil)
      }
    }
  }

  private static func setUp(
    _ channel: any Channel, for request: RealtimeRequest, _ context: NIOSSLContext?,
    _ socket: NIOWebSocketConnection
  ) throws {
    let pipeline = channel.pipeline.syncOperations
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
        socket.ended(HTTPFailure(error))
        channel.close(promise: nil)
      }
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
