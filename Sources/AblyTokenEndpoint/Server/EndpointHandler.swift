internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Reads requests of one connection and answers them in their order.
final class EndpointHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let site: EndpointSite
  private let idleTimeout: TimeAmount
  private let waiting: AsyncStream<WaitingRequest>.Continuation
  private var context: ChannelHandlerContext?
  private var peer: IPAddress?
  private var incoming: IncomingRequest?
  /// Requests that came while one has to be waited for, oldest first.
  private var queue: [IncomingRequest] = []
  private var current: IncomingRequest?
  private var isClosing = false
  private var mustFlush = false
  private var hasMoved = true
  private var idleCheck: Scheduled<Void>?
  private var dates = DateText()

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
    if idleCheck == nil { scheduleIdleCheck(context) }
  }

  private func end() {
    context = nil
    idleCheck?.cancel()
    idleCheck = nil
    waiting.finish()
  }

  // One look after each span of time costs less than a timer that every request sets anew.
  private func scheduleIdleCheck(_ context: ChannelHandlerContext) {
    idleCheck = context.eventLoop.assumeIsolated().scheduleTask(in: idleTimeout) { [weak self] in
      guard let self, let context = self.context else { return }
      if self.hasMoved || self.current != nil {
        self.hasMoved = false
        self.scheduleIdleCheck(context)
      } else {
        context.close(promise: nil)
      }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      incoming = IncomingRequest(head)
      if incoming?.awaitsContinue == true { write("HTTP/1.1 100 Continue\r\n\r\n", context) }
    case .body(let part): incoming?.append(part)
    case .end:
      guard let request = incoming else { return }
      incoming = nil
      hasMoved = true
      if isClosing { return }
      if current == nil { answer(request, context) } else { queue.append(request) }
    }
    if incoming?.isEndless == true { refuseEndless(context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush(context)
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.close(promise: nil) }
    incoming = nil
    // Where an answer is still awaited, it is the last.
    guard !isClosing, current == nil else {
      isClosing = true
      return
    }
    isClosing = true
    write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", context)
    flush(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isClosing = true
      if current == nil, incoming == nil { leave(context) }
    case let event as ChannelEvent where event == .inputClosed:
      // Whoever has closed their half may still wait for an answer.
      isClosing = true
      incoming = nil
      if current == nil { leave(context) }
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  /// Closes, once what has been written is on its way.
  private func leave(_ context: ChannelHandlerContext) {
    if mustFlush { flush(context) } else { context.close(promise: nil) }
  }

  private func answer(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
    guard !request.isTooLarge else { return write(EndpointResponse(.tooLarge), request, context) }
    switch site.answer(request.endpointRequest(from: peer)) {
    case .now(let response): write(response, request, context)
    case let work:
      current = request
      // Nothing more is read from this connection for the time being.
      try? context.channel.syncOptions?.setOption(.autoRead, value: false)
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
    hasMoved = true
    write(response, request, context)
    while current == nil, !isClosing, !queue.isEmpty { answer(queue.removeFirst(), context) }
    flush(context)
    if current == nil, !isClosing {
      try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }

  private func refuseEndless(_ context: ChannelHandlerContext) {
    guard let request = incoming else { return }
    incoming = nil
    isClosing = true
    if current == nil { write(EndpointResponse(.tooLarge), request, context) }
    flush(context)
  }

  private func write(
    _ response: EndpointResponse, _ request: IncomingRequest, _ context: ChannelHandlerContext
  ) {
    if !request.keepsAlive { isClosing = true }
    var buffer = context.channel.allocator.buffer(capacity: 512 + response.body.count)
    buffer.write(
      response, date: dates.now(), closes: isClosing, withBody: request.method != .HEAD)
    context.write(wrapOutboundOut(buffer), promise: nil)
    mustFlush = true
  }

  private func write(_ text: StaticString, _ context: ChannelHandlerContext) {
    var buffer = context.channel.allocator.buffer(capacity: text.utf8CodeUnitCount)
    buffer.writeStaticString(text)
    context.write(wrapOutboundOut(buffer), promise: nil)
    mustFlush = true
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard mustFlush else { return }
    mustFlush = false
    guard isClosing, current == nil, incoming == nil else { return context.flush() }
    // What is closed with bytes of the peer unread is reset, and the answer may be lost with it.
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
  }
}
