internal import AblyTokens
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// A loopback server that does one thing with each connection, for peers that misbehave.
struct RawWebSocketServer: Sendable {
  enum Behaviour: Sendable {
    /// Opens the WebSocket, sends these frames at once, and then gives back what comes.
    case frames([WebSocketFrame])
    /// Opens the WebSocket, and sends these bytes where a frame should be.
    case bytesForFrames([UInt8])
    /// Answers the request for a WebSocket with this status.
    case refusal(HTTPResponseStatus)
    /// Sends these bytes instead of an answer, and waits.
    case bytes([UInt8])
    /// Hangs up.
    case hangUp
  }

  let port: Int

  /// Serves as long as `body` runs.
  static func run<Result: Sendable>(
    _ behaviour: Behaviour, tls: NIOSSLContext? = nil, _ body: (RawWebSocketServer) async throws -> Result
  ) async throws -> Result {
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try setUp(channel, behaviour, tls) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(RawWebSocketServer(port: listener.localAddress?.port ?? 0))
      try await listener.close()
      return result
    } catch {
      try await listener.close()
      throw error
    }
  }

  private static func setUp(_ channel: any Channel, _ behaviour: Behaviour, _ tls: NIOSSLContext?) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    switch behaviour {
    case .hangUp: channel.close(promise: nil)
    case .bytes(let bytes): channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
    case .refusal(let status):
      try pipeline.configureHTTPServerPipeline()
      try pipeline.addHandler(RefusingPeer(status))
    case .frames, .bytesForFrames:
      let upgrader = NIOWebSocketServerUpgrader(
        maxFrameSize: 1 << 24, shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
        upgradePipelineHandler: { channel, _ in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(WebSocketPeer(behaviour))
          }
        })
      try pipeline.configureHTTPServerPipeline(
        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
    }
  }
}

private final class RefusingPeer: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let status: HTTPResponseStatus

  init(_ status: HTTPResponseStatus) { self.status = status }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}

private final class WebSocketPeer: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let behaviour: RawWebSocketServer.Behaviour

  init(_ behaviour: RawWebSocketServer.Behaviour) { self.behaviour = behaviour }

  func handlerAdded(context: ChannelHandlerContext) {
    switch behaviour {
    case .frames(let frames):
      for frame in frames { context.write(wrapOutboundOut(frame), promise: nil) }
      context.flush()
    case .bytesForFrames(let bytes):
      // Behind the encoder of frames.
      guard
        let encoder = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
      else { return }
      encoder.writeAndFlush(NIOAny(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    default: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .binary, .pong:
      let opcode: WebSocketOpcode = frame.opcode == .pong ? .text : frame.opcode
      context.writeAndFlush(
        wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: frame.unmaskedData)), promise: nil)
    default: break
    }
  }
}
