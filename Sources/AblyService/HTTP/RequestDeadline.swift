internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection whose first request does not come in time, or of which a request does not end in time,
/// however steadily its bytes drip in.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private let first: TimeAmount?
  private let whole: TimeAmount
  private var timeout: Scheduled<Void>?
  private var isReading = false

  /// - Parameters:
  ///   - first: how long the head of the first request may take; `nil` where others watch over it.
  ///   - whole: how long a request may take from its head to its end.
  init(first: TimeAmount?, whole: TimeAmount) {
    self.first = first
    self.whole = whole
  }

  convenience init(_ limits: ServerLimits) {
    self.init(first: TimeAmount(limits.firstRequestTimeout), whole: TimeAmount(limits.requestTimeout))
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if let first { schedule(first, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      stop()
      isReading = true
    case .body: break
    case .end:
      stop()
      isReading = false
    }
    context.fireChannelRead(data)
  }

  // Here rather than at the head, so that a request that came as a whole costs no timer.
  func channelReadComplete(context: ChannelHandlerContext) {
    if isReading, timeout == nil { schedule(whole, context) }
    context.fireChannelReadComplete()
  }

  private func schedule(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    timeout = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
  }

  private func stop() {
    timeout?.cancel()
    timeout = nil
  }
}
