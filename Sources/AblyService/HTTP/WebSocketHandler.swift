internal import AblyTokens
internal import AblyWire
internal import Logging
internal import NIOCore
internal import NIOWebSocket

/// The socket of one realtime client: its frames go to the core as they come, and what the core has for it goes out
/// as fast as it is taken. No task waits for either.
///
/// While something of a frame has to be waited for, such as the check of a token, no further frame is read. Nor is it
/// while too many frames wait for their answers from the log of a cluster.
final class WebSocketHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let front: WebSocketFront
  private var context: ChannelHandlerContext?
  private var connection: ServiceConnection?

  /// Whether frames have to wait: until the client is connected, and as long as an errand for it takes.
  private var isBusy = true
  private var waiting: [WebSocketFrame] = []
  /// What came together is dealt with together.
  private var unread: [[UInt8]] = []
  /// Behind what makes frames of bytes: what is written there is bytes already.
  private var bytes: ChannelHandlerContext?

  /// Whether more could be read, but is not for the moment.
  private var isReadHeld = false
  /// Whether pongs wait to be sent: then no further ping is read.
  private var owesPongs = false
  /// Whether nothing comes after what has been read.
  private var isInputOver = false

  /// Whether a fault rule holds up what is to be sent.
  private var isHeldUp = false
  private var hasWritten = false
  private var hasSaidClose = false
  private var isLeaving = false
  private var isGoingAway = false
  private var ending: Scheduled<Void>?

  init(_ front: WebSocketFront) {
    self.front = front
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    bytes = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  func channelInactive(context: ChannelHandlerContext) {
    deal(context)
    forget()
    context.fireChannelInactive()
  }

  private func forget() {
    guard context != nil else { return }
    context = nil
    bytes = nil
    waiting = []
    unread = []
    ending?.cancel()
    guard let connection else { return }
    connection.outbox.listen(nil)
    connection.end()
    guard front.logger.logLevel <= .debug else { return }
    let code = connection.outbox.reason.map { "\($0.rawValue)" }
    front.logger.debug("disconnected", metadata: code.map { ["code": "\($0)"] })
  }

  /// The client has been connected, or refused: what there is to say is in the connection.
  func begin(_ connection: ServiceConnection) {
    guard let context else { return connection.end() }
    self.connection = connection
    front.logger.debug("connected")
    let (loop, socket) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
    connection.outbox.listen { loop.execute { socket.value.heed() } }
    if isGoingAway { connection.goAway() }
    send()
    goOn()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isGoingAway = true
      connection?.goAway()
    case ChannelEvent.inputClosed:
      isInputOver = true
      deal(context)
      if !isBusy { closeAfterAnswers(context) }
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    front.logger.debug("a socket failed", metadata: ["error": "\(error)"])
    deal(context)
    // Of what is no frame the client is told by the handler before this one, which then closes.
    if error is NIOWebSocketError { closeInTime() } else { context.close(promise: nil) }
  }
}

// MARK: - From the client

extension WebSocketHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    if isBusy { waiting.append(frame) } else { take(frame, context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    deal(context)
    flush(context)
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if isHeld { isReadHeld = true } else { context.read() }
  }

  /// Whether no more is to be read for the moment. What was read before that is dealt with.
  private var isHeld: Bool { isBusy || owesPongs || connection?.outbox.isHeld == true }

  private func take(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
    guard !isLeaving else { return }
    if frame.opcode == .text || frame.opcode == .binary {
      unread.append(frame.unmaskedBytes)
      guard unread.count >= Self.maximumUnread else { return }
      deal(context)
      return send()
    }
    deal(context)
    if isBusy { return waiting.append(frame) }
    switch frame.opcode {
    case .ping:
      write(.pong, frame.unmaskedData, context)
      owesPongs = !context.channel.isWritable
    case .connectionClose: leave(returning: frame.unmaskedData, context)
    default: break
    }
  }

  /// How many frames are dealt with together at most: whoever waits for an answer to the first does something with it
  /// while the others are dealt with.
  private static let maximumUnread = 32

  /// Hands the frames that came to the core.
  private func deal(_ context: ChannelHandlerContext) {
    guard let connection, !isBusy, !unread.isEmpty else { return }
    let frames = unread
    unread = []
    if let errand = connection.take(frames) { run(errand, for: connection, context) }
  }

  private func run(
    _ errand: ServiceConnection.Errand, for connection: ServiceConnection, _ context: ChannelHandlerContext
  ) {
    isBusy = true
    let (loop, socket) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
    front.errands.add {
      await connection.run(errand)
      loop.execute { socket.value.goOn() }
    }
  }

  /// Takes the frames that had to wait, and then reads on.
  private func goOn() {
    guard let context else { return }
    isBusy = false
    let frames = waiting
    waiting = []
    for (index, frame) in frames.enumerated() {
      take(frame, context)
      guard isBusy else { continue }
      waiting += frames[(index + 1)...]
      return flush(context)
    }
    deal(context)
    flush(context)
    if isBusy { return }
    if isInputOver { return closeAfterAnswers(context) }
    readOn(context)
  }

  /// A client that closes its half may still read what its last frames came to.
  private func closeAfterAnswers(_ context: ChannelHandlerContext) {
    send()
    guard Self.hasUnsent(context), !isLeaving else { return context.close(promise: nil) }
    closeInTime()
    bytes?.writeAndFlush(NIOAny(context.channel.allocator.buffer(capacity: 0))).assumeIsolated().whenComplete
    { _ in
      if self.context != nil { self.closeAfterAnswers(context) }
    }
  }

  private func readOn(_ context: ChannelHandlerContext) {
    guard isReadHeld, !isHeld else { return }
    isReadHeld = false
    context.read()
  }
}

// MARK: - To the client

extension WebSocketHandler {
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      owesPongs = false
      send()
      readOn(context)
    }
    context.fireChannelWritabilityChanged()
  }

  /// Does what the bell was rung for.
  private func heed() {
    send()
    if let context { readOn(context) }
  }

  /// Sends what there is, as long as the socket takes it.
  private func send() {
    guard let context, let connection else { return }
    switch connection.outbox.standing {
    case .open: break
    // From the moment on in which it was said: one who does not read never gets to hear it.
    case .closing: closeInTime()
    case .cut: return context.close(promise: nil)
    }
    while !isHeldUp, !isLeaving, context.channel.isWritable, let item = connection.outbox.take() {
      send(item, of: connection, context)
    }
    flush(context)
  }

  private func send(_ item: Outbox.Item, of connection: ServiceConnection, _ context: ChannelHandlerContext) {
    switch item {
    case .frame(let frame):
      switch connection.arrival(of: frame) {
      case .whole: write(frame, connection.format, context)
      case .changed(let frames): for frame in frames { write(frame, connection.format, context) }
      case .late(let milliseconds): hold(frame, for: milliseconds, connection.format, context)
      }
    case .ping:
      if !connection.outbox.isMute { write(.ping, context.channel.allocator.buffer(capacity: 0), context) }
    case .close(let code): sayClose(code, context)
    }
  }

  private func hold(
    _ frame: OutgoingFrame, for milliseconds: Int64, _ format: WireFormat, _ context: ChannelHandlerContext
  ) {
    isHeldUp = true
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
      self.isHeldUp = false
      guard let context = self.context else { return }
      self.write(frame, format, context)
      self.send()
    }
  }

  private func sayClose(_ code: UInt16?, _ context: ChannelHandlerContext) {
    guard let code else {
      flush(context)
      // Otherwise it is closed in time.
      if !Self.hasUnsent(context) { context.close(promise: nil) }
      return
    }
    hasSaidClose = true
    var data = context.channel.allocator.buffer(capacity: 2)
    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
    write(.connectionClose, data, context)
  }

  private static func hasUnsent(_ context: ChannelHandlerContext) -> Bool {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 > 0
  }

  /// The client closes its end: after what waits to be sent that is returned, once, and the socket is closed.
  private func leave(returning data: ByteBuffer, _ context: ChannelHandlerContext) {
    send()
    isLeaving = true
    connection?.end()
    closeInTime()
    guard !hasSaidClose else {
      if !Self.hasUnsent(context) { context.close(promise: nil) }
      return
    }
    hasSaidClose = true
    let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    context.writeAndFlush(wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  /// Closes the socket in a while, whatever the client does.
  private func closeInTime() {
    guard ending == nil, let context else { return }
    ending = context.eventLoop.assumeIsolated().scheduleTask(in: front.closingTime) {
      context.close(promise: nil)
    }
  }

  private func write(_ frame: OutgoingFrame, _ format: WireFormat, _ context: ChannelHandlerContext) {
    hasWritten = true
    bytes?.write(NIOAny(frame.packet(format)), promise: nil)
  }

  private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
    hasWritten = true
    context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard hasWritten else { return }
    hasWritten = false
    context.flush()
  }
}

extension WebSocketFrame {
  /// What the frame carries.
  fileprivate var unmaskedBytes: [UInt8] {
    guard let maskKey else { return Array(data.readableBytesView) }
    let mask = WebSocketMask(key: maskKey.reduce(0) { $0 << 8 | UInt32($1) })
    return data.withUnsafeReadableBytes { mask.applied(to: $0) }
  }
}
