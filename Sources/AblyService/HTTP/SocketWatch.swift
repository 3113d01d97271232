internal import NIOCore
internal import NIOWebSocket

/// Closes a WebSocket whose client is gone without a word, or does not end a frame that it has begun.
///
/// It stands behind what puts frames together; ``Bytes``, before what reads them, tells it of each byte. A client that
/// has been silent for half of the time it has is asked with a ping, which its library answers by itself. While
/// the service does not read, nobody is silent or late.
final class SocketWatch: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let silence: TimeAmount
  private let whole: TimeAmount
  private var lastByte = NIODeadline.now()
  private var isInFrame = false
  private var isAsked = false
  private var isReading = true
  private var nextLook: Scheduled<Void>?
  private var endOfFrame: Scheduled<Void>?

  /// - Parameters:
  ///   - silence: how long a client may give no sign of life.
  ///   - whole: how long a frame may take, from its first byte to its last, with all its fragments.
  init(silence: TimeAmount, whole: TimeAmount) {
    self.silence = silence
    self.whole = whole
  }

  func handlerAdded(context: ChannelHandlerContext) { look(context, in: half) }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isInFrame = false
    endOfFrame?.cancel()
    endOfFrame = nil
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    isReading = true
    context.read()
  }

  // Here rather than at the first byte, so that a frame that came as a whole costs no timer.
  func channelReadComplete(context: ChannelHandlerContext) {
    if isInFrame, endOfFrame == nil { awaitEndOfFrame(context) }
    // Until somebody wants more.
    isReading = false
    context.fireChannelReadComplete()
  }

  private func awaitEndOfFrame(_ context: ChannelHandlerContext) {
    endOfFrame = context.eventLoop.assumeIsolated().scheduleTask(in: whole) {
      if self.isReading { context.close(promise: nil) } else { self.awaitEndOfFrame(context) }
    }
  }

  private var half: TimeAmount { .nanoseconds(silence.nanoseconds / 2) }

  private func look(_ context: ChannelHandlerContext, in time: TimeAmount) {
    nextLook = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.look(context) }
  }

  private func look(_ context: ChannelHandlerContext) {
    if !isReading { lastByte = .now() }
    let heardFor = NIODeadline.now() - lastByte
    if heardFor >= silence, isAsked { return context.close(promise: nil) }
    guard heardFor >= half else { return look(context, in: half - heardFor) }
    if !isAsked {
      isAsked = true
      let ping = WebSocketFrame(fin: true, opcode: .ping, data: context.channel.allocator.buffer(capacity: 0))
      context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
    }
    look(context, in: max(silence - heardFor, half))
  }

  private func stop() {
    nextLook?.cancel()
    endOfFrame?.cancel()
  }

  /// What sees the bytes before anybody makes frames of them.
  final class Bytes: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let watch: SocketWatch

    init(_ watch: SocketWatch) {
      self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      watch.lastByte = .now()
      watch.isAsked = false
      watch.isInFrame = true
      context.fireChannelRead(data)
    }
  }
}
