internal import NIOCore

/// Closes a connection whose first request does not come, or comes too slowly.
final class NegotiationTimeout: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let limit: TimeAmount
  private var timeout: Scheduled<Void>?
  private var isOver = false

  init(_ limit: TimeAmount) {
    self.limit = limit
  }

  func handlerAdded(context: ChannelHandlerContext) {
    timeout = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  /// The connection has been told apart, and others watch over it.
  func end() {
    isOver = true
    timeout?.cancel()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // The server stops, and nobody has asked for anything yet.
    if event is ChannelShouldQuiesceEvent, !isOver { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }
}
