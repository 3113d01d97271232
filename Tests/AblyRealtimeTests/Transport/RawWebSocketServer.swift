internal import AblyTokens
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket
internal import Testing

/// A loopback server that does one thing with each connection, for peers that misbehave.
struct RawWebSocketServer: Sendable {
  enum Behaviour: Sendable {
    /// Opens the WebSocket, sends these frames at once, and then gives back what comes.
    case frames([WebSocketFrame])
    /// Opens the WebSocket, sends this frame, and reads nothing.
    case deaf(WebSocketFrame)
    /// Opens the WebSocket, and gives back this field of the request in a frame.
    case field(String)
    /// Opens the WebSocket, sends these frames, and then hangs up its half of the socket.
    case halfClose([WebSocketFrame])
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
  /// `true` for each connection that is accepted, `false` for each that is over.
  let connections: AsyncStream<Bool>

  /// Serves as long as `body` runs.
  static func run<Result: Sendable>(
    _ behaviour: Behaviour, tls: NIOSSLContext? = nil, _ body: (RawWebSocketServer) async throws -> Result
  ) async throws -> Result {
    let (connections, news) = AsyncStream.makeStream(of: Bool.self)
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        news.yield(true)
        channel.closeFuture.whenComplete { _ in news.yield(false) }
        return channel.eventLoop.makeCompletedFuture { try setUp(channel, behaviour, tls) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(
        RawWebSocketServer(port: listener.localAddress?.port ?? 0, connections: connections))
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
    case .frames, .deaf, .field, .halfClose, .bytesForFrames:
      let upgrader = NIOWebSocketServerUpgrader(
        maxFrameSize: 1 << 24, shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
        upgradePipelineHandler: { channel, head in
          var behaviour = behaviour
          if case .field(let name) = behaviour {
            let value = ByteBuffer(string: head.headers[name].joined(separator: ", "))
            behaviour = .frames([WebSocketFrame(fin: true, opcode: .text, data: value)])
          }
          return channel.eventLoop.makeCompletedFuture { [behaviour] in
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
    case .deaf(let frame):
      context.channel.setOption(.autoRead, value: false).whenFailure {
        Issue.record("the peer reads all the same: \($0)")
      }
      context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    case .halfClose(let frames):
      for frame in frames { context.write(wrapOutboundOut(frame), promise: nil) }
      context.flush()
      // When the last handler of HTTP has left.
      context.eventLoop.execute { [channel = context.channel] in
        channel.close(mode: .output).whenFailure { Issue.record("the half was not closed: \($0)") }
      }
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
