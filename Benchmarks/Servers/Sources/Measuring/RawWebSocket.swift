package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket

/// WebSockets of SwiftNIO and nothing else: the floor of what is measured, and the load.
package enum RawWebSocket {
  package typealias Handlers = @Sendable () -> any ChannelHandler

  /// Listens on a free port; each connection gets a handler of `WebSocketFrame`.
  package static func listen(_ handler: @escaping Handlers) async throws -> any Channel {
    try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: 1 << 20,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
              channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(handler())
              }
            })
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  /// Connects to a port of this machine.
  ///
  /// - Parameter address: where it connects from: each address has its own ports.
  package static func connect(
    to port: Int, path: String = "/", from address: String = "127.0.0.1", _ handler: @escaping Handlers
  ) async throws -> any Channel {
    let source = try SocketAddress(ipAddress: address, port: 0)
    let upgraded: EventLoopFuture<(any Channel)?> = try await ClientBootstrap(
      group: .singletonMultiThreadedEventLoopGroup
    )
    .bind(to: source)
    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    .connect(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(maxFrameSize: 1 << 20) { channel, _ in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(handler())
            return channel
          }
        }
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<(any Channel)?>(
          upgradeRequestHead: HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path, headers: ["Host": "127.0.0.1:\(port)"]),
          upgraders: [upgrader],
          notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) })
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // The first frame may come in one segment with the 101.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
          configuration: configuration)
      }
    }
    guard let channel = try await upgraded.get() else { throw ChannelError.inappropriateOperationForState }
    return channel
  }
}
