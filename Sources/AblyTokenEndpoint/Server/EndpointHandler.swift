internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Reads requests of one connection and answers them in their order.
///
/// While an answer is awaited, or the peer does not read those that were given, nothing more is read or answered.
final class EndpointHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let site: EndpointSite
  private let idleTimeout: TimeAmount
  private let waiting: AsyncStream<WaitingRequest>.Continuation
  private var context: ChannelHandlerContext?
  private var peer: IPAddress?
  private var incoming: IncomingRequest?
  /// Requests that came while none could be answered, oldest first.
  private var queue: CircularBuffer<IncomingRequest> = []
  private var current: IncomingRequest?
  private var ending = Ending.no
  private var isReading = true
  private var isProceeding = false
  private var hasWritten = false
  private var unflushedBytes = 0
  private var lastMove = NIODeadline.uptimeNanoseconds(0)
  private var idleCheck: Scheduled<Void>?
  private var dates = DateText()

  /// How far the connection is on its way to its end.
  private enum Ending {
    /// May become any other.
    case no
    /// What has begun is answered, and nothing else. May become ``answered``, or ``left`` if there is nothing.
    case draining
    /// The last answer was written. May become ``left``.
    case answered
    /// It closes, once all bytes are on their way.
    case left

    var isOver: Bool { self == .answered || self == .left }
  }

  /// How long a request that has begun may take to arrive whole once the server stops.
  private static let drainingTime: TimeAmount = .seconds(10)

  /// How much is written at most before it is sent on its way.
  private static let maximumUnflushedBytes = 32 * 1024

  init(site: EndpointSite, idleTimeout: TimeAmount, waiting: AsyncStream<WaitingRequest>.Continuation) {
    self.site = site
    self.idleTimeout = idleTimeout
    self.waiting = waiting
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { begin(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    lastMove = context.eventLoop.now
    if idleCheck == nil { scheduleIdleCheck(context, in: idleTimeout) }
  }

  private func end() {
    context = nil
    idleCheck?.cancel()
    idleCheck = nil
    waiting.finish()
  }

  // A timer that finds it was too early costs less than one that every request sets anew.
  private func scheduleIdleCheck(_ context: ChannelHandlerContext, in time: TimeAmount) {
    idleCheck = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
      guard let self, let context = self.context else { return }
      let rest =
        self.current == nil ? self.lastMove + self.idleTimeout - context.eventLoop.now : self.idleTimeout
      if rest > .zero {
        self.scheduleIdleCheck(context, in: rest)
      } else {
        context.close(promise: nil)
      }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !ending.isOver else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      incoming = IncomingRequest(head)
      if incoming?.awaitsContinue == true, current == nil, queue.isEmpty {
        write(text: "HTTP/1.1 100 Continue\r\n\r\n", context)
      }
    case .body(let part):
      incoming?.append(part)
      if incoming?.isEndless == true { refuseEndless(context) }
    case .end:
      guard let request = incoming else { return }
      incoming = nil
      lastMove = context.eventLoop.now
      if canAnswer(context), queue.isEmpty, !isProceeding {
        answer(request, context)
      } else {
        queue.append(request)
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    proceed(context)
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    proceed(context)
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    guard !ending.isOver else { return }
    incoming = nil
    if ending == .no { ending = .draining }
    // Where an answer is still awaited, it is the last.
    if current == nil, queue.isEmpty {
      write(site.refusal(.unreadable, from: peer), isLast: true, withBody: true, context)
    }
    proceed(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent: drain(context)
    case let event as ChannelEvent where event == .inputClosed:
      // Whoever has closed their half may still wait for an answer.
      incoming = nil
      drain(context)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  private func drain(_ context: ChannelHandlerContext) {
    if ending == .no { ending = .draining }
    proceed(context)
    guard ending == .draining, incoming != nil else { return }
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.drainingTime) { [weak self] in
      if let self, self.incoming != nil { self.context?.close(promise: nil) }
    }
  }

  private func canAnswer(_ context: ChannelHandlerContext) -> Bool {
    current == nil && !ending.isOver && context.channel.isWritable
  }

  /// Answers what waits, as far as the peer reads, sends it, and says whether more is to be read.
  private func proceed(_ context: ChannelHandlerContext) {
    // What is written and sent here may change whether more can be written, which leads here again.
    guard !isProceeding else { return }
    isProceeding = true
    defer { isProceeding = false }
    repeat {
      while canAnswer(context), let request = queue.popFirst() { answer(request, context) }
      flush(context)
    } while canAnswer(context) && !queue.isEmpty
    if ending == .draining, current == nil, incoming == nil, queue.isEmpty {
      ending = .left
      leaveQuietly(context)
    }
    read(ending.isOver || current == nil && queue.isEmpty && context.channel.isWritable, context)
  }

  private func read(_ wanted: Bool, _ context: ChannelHandlerContext) {
    guard wanted != isReading, context.channel.isActive else { return }
    isReading = wanted
    try? context.channel.syncOptions?.setOption(.autoRead, value: wanted)
  }

  private func answer(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
    if !request.isTooLarge, let page = site.page(for: request, from: peer) {
      return write(page, request, context)
    }
    switch site.answer(request.endpointRequest(from: peer), isTooLarge: request.isTooLarge) {
    case .now(let response): write(response, request, context)
    case let work:
      current = request
      // Nothing more is read from this connection for the time being.
      read(false, context)
      waiting.yield(
        WaitingRequest(
          work: work, handler: NIOLoopBound(self, eventLoop: context.eventLoop), eventLoop: context.eventLoop)
      )
    }
  }

  /// Writes what was waited for, and goes on with what has come since.
  func answerWaiting(_ response: EndpointResponse) {
    guard let context, let request = current else { return }
    current = nil
    lastMove = context.eventLoop.now
    write(response, request, context)
    proceed(context)
  }

  private func refuseEndless(_ context: ChannelHandlerContext) {
    guard let request = incoming else { return }
    incoming = nil
    ending = .draining
    guard current == nil, queue.isEmpty else { return }
    guard case .now(let response) = site.answer(request.endpointRequest(from: peer), isTooLarge: true) else {
      return
    }
    write(response, request, context)
  }

  private func write(
    _ response: EndpointResponse, _ request: IncomingRequest, _ context: ChannelHandlerContext
  ) {
    let isLast = ending == .draining && incoming == nil && queue.isEmpty
    write(
      response, isLast: isLast || !request.keepsAlive, withBody: request.method != .HEAD, context)
  }

  private func write(
    _ response: EndpointResponse, isLast: Bool, withBody: Bool, _ context: ChannelHandlerContext
  ) {
    if isLast { ending = .answered }
    var buffer = context.channel.allocator.buffer(capacity: 512 + response.body.count)
    buffer.write(response, date: dates.now(), closes: isLast, withBody: withBody)
    write(buffer, context)
  }

  private func write(text: StaticString, _ context: ChannelHandlerContext) {
    var buffer = context.channel.allocator.buffer(capacity: text.utf8CodeUnitCount)
    buffer.writeStaticString(text)
    write(buffer, context)
  }

  private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    hasWritten = true
    unflushedBytes += buffer.readableBytes
    context.write(wrapOutboundOut(buffer), promise: nil)
    // TLS does not tell how much it holds back.
    if unflushedBytes > Self.maximumUnflushedBytes { flush(context) }
  }

  private func flush(_ context: ChannelHandlerContext) {
    if ending == .answered { return leave(context) }
    guard unflushedBytes > 0 else { return }
    unflushedBytes = 0
    context.flush()
  }

  /// Nothing is left to be answered. What was is still on its way, perhaps.
  private func leaveQuietly(_ context: ChannelHandlerContext) {
    let channel = context.channel
    // Before a handshake nothing that is written gets anywhere.
    guard hasWritten else { return channel.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
  }

  private func leave(_ context: ChannelHandlerContext) {
    ending = .left
    queue.removeAll()
    incoming = nil
    // What is closed with bytes of the peer unread is reset, and the answer may be lost with it.
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
  }
}
