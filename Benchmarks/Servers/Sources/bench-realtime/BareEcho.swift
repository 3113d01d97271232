internal import Measuring
internal import NIOCore
internal import NIOWebSocket

/// A WebSocket of SwiftNIO and nothing else, a handler at each end: whatever is sent comes back.
struct BareEcho {
  private let channel: any Channel

  /// Holds a connection to an echo of its own as long as `body` runs.
  static func run(_ body: (BareEcho) async throws -> Void) async throws {
    let listener = try await RawWebSocket.listen { EchoHandler() }
    let channel = try await RawWebSocket.connect(to: listener.localAddress?.port ?? 0) { AskingHandler() }
    try await body(BareEcho(channel: channel))
    try await channel.close()
    try await listener.close()
  }

  /// How long so many frames take there and back, of which so many are under way at a time.
  func seconds(_ count: Int, inFlight: Int, size: Int) async throws -> Double {
    let channel = channel
    return try await Measuring.seconds {
      try await channel.eventLoop.flatSubmit {
        let done = channel.eventLoop.makePromise(of: Void.self)
        do {
          let handler = try channel.pipeline.syncOperations.handler(type: AskingHandler.self)
          handler.begin(count, inFlight: inFlight, size: size, done)
        } catch {
          done.fail(error)
        }
        return done.futureResult
      }.get()
    }
  }
}

/// Sends a frame for each that comes, until there were enough.
private final class AskingHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private var context: ChannelHandlerContext?
  private var data = ByteBuffer()
  private var unsent = 0
  private var unanswered = 0
  private var done: EventLoopPromise<Void>?

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func begin(_ count: Int, inFlight: Int, size: Int, _ done: EventLoopPromise<Void>) {
    guard let context else { return done.fail(ChannelError.ioOnClosedChannel) }
    data = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
    unsent = count
    unanswered = count
    self.done = done
    for _ in 0..<min(count, inFlight) { send(context) }
    context.flush()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unanswered -= 1
    if unsent > 0 { send(context) }
    if unanswered == 0 { done?.succeed() }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  private func send(_ context: ChannelHandlerContext) {
    unsent -= 1
    let frame = WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: data)
    context.write(wrapOutboundOut(frame), promise: nil)
  }
}
