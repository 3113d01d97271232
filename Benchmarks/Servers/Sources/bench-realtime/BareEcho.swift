internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket

/// A WebSocket of SwiftNIO and nothing else: whatever is sent comes back.
struct BareEcho {
  private typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

  private var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

  /// Holds a connection to an echo of its own as long as `body` runs.
  static func run(_ body: (inout BareEcho) async throws -> Void) async throws {
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: 1 << 20,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
              channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(EchoHandler())
              }
            })
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let channel = try await connect(listener.localAddress?.port ?? 0)
    try await channel.executeThenClose { inbound, outbound in
      var echo = BareEcho(frames: inbound.makeAsyncIterator(), outbound: outbound)
      try await body(&echo)
    }
    try await listener.close()
  }

  private static func connect(_ port: Int) async throws -> Frames {
    let upgraded: EventLoopFuture<Frames?> = try await ClientBootstrap(
      group: .singletonMultiThreadedEventLoopGroup
    )
    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    .connect(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        let upgrader = NIOTypedWebSocketClientUpgrader<Frames?>(maxFrameSize: 1 << 20) { channel, _ in
          channel.eventLoop.makeCompletedFuture { try Frames(wrappingChannelSynchronously: channel) }
        }
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
          configuration: NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
              upgradeRequestHead: HTTPRequestHead(
                version: .http1_1, method: .GET, uri: "/", headers: ["Host": "127.0.0.1"]),
              upgraders: [upgrader],
              notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) })))
      }
    }
    guard let channel = try await upgraded.get() else { throw ChannelError.inappropriateOperationForState }
    return channel
  }

  /// How long so many frames take there and back, of which so many are under way at a time.
  mutating func seconds(_ count: Int, inFlight: Int, size: Int) async throws -> Double {
    let data = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
    let start = ContinuousClock.now
    var (sent, received) = (0, 0)
    while received < count {
      while sent < count, sent - received < inFlight {
        try await outbound.write(WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: data))
        sent += 1
      }
      guard try await frames.next() != nil else { throw ChannelError.eof }
      received += 1
    }
    return start.duration(to: .now) / .seconds(1)
  }
}

private final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let answer = WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData)
    context.write(wrapOutboundOut(answer), promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
