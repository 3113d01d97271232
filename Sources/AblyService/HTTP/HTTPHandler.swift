internal import NIOCore
internal import NIOHTTP1

/// Serves the requests of one connection, one after the other, on the loop that reads its socket.
///
/// What the core answers at once is sent where it was read; for the rest an errand is run. What is read until it is over
/// waits, and nothing more is read once something does.
final class HTTPHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let front: HTTPFront
  private let idle: TimeAmount
  private let peer: ServiceRequest.Peer
  /// Puts what opens a WebSocket behind this handler.
  private let upgrade: (any Channel, HTTPHandler) throws -> Void
  private var context: ChannelHandlerContext?

  private var request: IncomingRequest?
  /// What was read before the last answer was given.
  private var waiting = CircularBuffer<HTTPServerRequestPart>()
  /// The request that the service takes its time for, and how often it was looked for an answer since.
  private var unanswered: (question: ServiceRequest, looks: Int)?
  private var isReadHeld = false

  /// Whether nothing comes after what has been read.
  private var isInputOver = false
  /// Whether what was read last is no HTTP.
  private var isMalformed = false
  /// Whether the server stops.
  private var isGoingAway = false
  /// Whether no request is taken any more, and whether the connection is being closed.
  private var isEnding = false
  private var isLingering = false

  private var watch: IdleWatch
  private var nextLook: Scheduled<Void>?
  private var endOfRequest: Scheduled<Void>?

  init(
    _ front: HTTPFront, idle: TimeAmount, peer: ServiceRequest.Peer,
    upgrade: @escaping (any Channel, HTTPHandler) throws -> Void
  ) {
    self.front = front
    self.idle = idle
    self.peer = peer
    self.upgrade = upgrade
    watch = IdleWatch(limit: idle, since: .now())
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    look(context, at: .now() + idle)
  }

  func handlerRemoved(context: ChannelHandlerContext) { forget() }

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  private func forget() {
    context = nil
    request = nil
    waiting = CircularBuffer()
    nextLook?.cancel()
    endOfRequest?.cancel()
    (nextLook, endOfRequest) = (nil, nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isGoingAway = true
      endIfDone(context)
    case ChannelEvent.inputClosed:
      isInputOver = true
      if isEnding { context.close(promise: nil) } else { endIfDone(context) }
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What comes after it is told of as well.
    guard !isMalformed else { return }
    guard error is HTTPParserError else { return context.close(promise: nil) }
    isMalformed = true
    goOn(context)
  }
}

// MARK: - Requests

extension HTTPHandler {
  /// Whether a request that has been read has to wait.
  private var isBusy: Bool { unanswered != nil || context?.channel.isWritable == false }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    watch.lastSign = .now()
    let part = unwrapInboundIn(data)
    if waiting.isEmpty, !isBusy { take(part, context) } else { waiting.append(part) }
  }

  // Here rather than at the head, so that a request that came as a whole costs no timer.
  func channelReadComplete(context: ChannelHandlerContext) {
    if request != nil, endOfRequest == nil {
      endOfRequest = context.eventLoop.assumeIsolated().scheduleTask(in: front.requestTime) {
        context.close(promise: nil)
      }
    }
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    // Who waits for an answer rarely says more: to stop reading for that would cost two system calls for each request.
    if isBusy, !waiting.isEmpty { isReadHeld = true } else { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { goOn(context) }
    context.fireChannelWritabilityChanged()
  }

  /// Takes what had to wait, and then reads on.
  private func goOn(_ context: ChannelHandlerContext) {
    while !isBusy, let part = waiting.popFirst() { take(part, context) }
    guard !isBusy, self.context != nil else { return }
    if isMalformed, !isEnding { return endMalformed(context) }
    endIfDone(context)
    guard isReadHeld else { return }
    isReadHeld = false
    context.read()
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    switch part {
    case .head(let head) where UpgradeFilter.isHandshake(head) && !isGoingAway: handOver(head, context)
    case .head(let head):
      request = IncomingRequest(head, front.limits)
      // Said before its body has come, so that nobody sends it in vain, or waits for that word in vain.
      if request?.isTooLarge == true {
        refuse(context)
      } else if request?.expectsContinue == true {
        context.writeAndFlush(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
      }
    case .body(let buffer):
      request?.add(buffer)
      if request?.isEndless == true { endless(context) }
    case .end:
      endOfRequest?.cancel()
      endOfRequest = nil
      if request?.isTooLarge == true { refuse(context) }
      guard let ended = request else { return }
      request = nil
      if !ended.isRefused { respond(to: ended, context) }
    }
  }

  /// Somebody asks for a WebSocket on a connection that was used for requests, as proxies do that keep theirs: what comes
  /// from here on is for others.
  private func handOver(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let parts = [HTTPServerRequestPart.head(head)] + waiting
    let sync = context.pipeline.syncOperations
    if isReadHeld { context.read() }
    do {
      guard !isInputOver else { throw ChannelError.inputClosed }
      try upgrade(context.channel, self)
      let before = try sync.context(handlerType: UpgradeFilter.self)
      sync.removeHandler(self, promise: nil)
      for part in parts { before.fireChannelRead(NIOAny(part)) }
    } catch {
      context.close(promise: nil)
    }
  }

  private func respond(to request: IncomingRequest, _ context: ChannelHandlerContext) {
    let question = front.question(request, from: peer)
    let (loop, handler) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
    let give: @Sendable (ServiceResponse) -> Void = { response in
      loop.execute { handler.value.finish(response, to: question, of: request) }
    }
    switch front.core.respondAtOnce(to: question, soon: give) {
    case .now(let response):
      answer(front.answer(response, to: question, since: request.start), to: request, context)
    case .soon: unanswered = (question, 0)
    case .later:
      unanswered = (question, 0)
      front.errands.add { [core = front.core] in give(await core.respondLater(to: question)) }
    }
  }

  private func finish(_ response: ServiceResponse, to question: ServiceRequest, of request: IncomingRequest) {
    unanswered = nil
    let answer = front.answer(response, to: question, since: request.start)
    guard let context else { return }
    self.answer(answer, to: request, context)
    goOn(context)
  }

  /// Answers the present request before its end, once.
  private func refuse(_ context: ChannelHandlerContext) {
    guard var request, !request.isRefused else { return }
    request.isRefused = true
    // Before anything is written: that may lead to what was read meanwhile.
    self.request = request
    let question = front.question(request, from: peer)
    answer(front.answer(front.tooLarge(question), to: question, since: request.start), to: request, context)
  }

  /// What was read last is no HTTP, or the end of a request is missing.
  private func endMalformed(_ context: ChannelHandlerContext) {
    if request?.isRefused == true { end(context) } else { answer(HTTPFront.malformed, to: nil, context) }
  }

  /// More than anybody would wait for.
  private func endless(_ context: ChannelHandlerContext) {
    refuse(context)
    end(context)
  }
}

// MARK: - Answers

extension HTTPHandler {
  /// - Parameter answer: `nil` to cut the connection instead.
  private func answer(
    _ answer: HTTPFront.Answer?, to request: IncomingRequest?, _ context: ChannelHandlerContext
  ) {
    guard var answer else { return context.close(promise: nil) }
    let isLast = isGoingAway || request?.isLast ?? true
    if isLast {
      answer.head.headers.add(name: "Connection", value: "close")
      // Before it is written: what is read on because of that is no request any more.
      isEnding = true
      waiting = CircularBuffer()
    }
    context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
    if request?.head.method != .HEAD, answer.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    watch.lastSign = .now()
    if isLast { end(context) }
  }

  /// Ends the connection where nothing more is to be answered.
  private func endIfDone(_ context: ChannelHandlerContext) {
    guard !isEnding, !isBusy, waiting.isEmpty else { return }
    if isInputOver || isGoingAway && request == nil { end(context) }
  }

  /// Takes no further request, and closes once what has been written has gone out.
  private func end(_ context: ChannelHandlerContext) {
    guard !isLingering else { return }
    (isEnding, isLingering) = (true, true)
    waiting = CircularBuffer()
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
    Lingering.close(context, within: front.closingTime) { self.isInputOver || self.isGoingAway }
  }

  private static func hasUnsent(_ context: ChannelHandlerContext) -> Bool {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 > 0
  }

  private func look(_ context: ChannelHandlerContext, at time: NIODeadline) {
    nextLook = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) {
      self.nextLook = nil
      self.lookForAnswer()
      let isWaitedFor = self.unanswered != nil || Self.hasUnsent(context)
      guard let next = self.watch.nextLook(at: .now(), isWaitedFor: isWaitedFor) else {
        return context.close(promise: nil)
      }
      self.look(context, at: next)
    }
  }

  /// A request that was there at the look before has waited for as long as a connection may stand still: that is said, once.
  private func lookForAnswer() {
    unanswered?.looks += 1
    if let unanswered, unanswered.looks == 2 { front.log(unanswered: unanswered.question) }
  }
}
