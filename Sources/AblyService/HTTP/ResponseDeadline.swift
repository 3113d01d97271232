internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection whose client does not read an answer to its end in time.
final class ResponseDeadline: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limit: TimeAmount
  private var timeout: Scheduled<Void>?

  /// - Parameter limit: how long an answer may take, from its head to the last byte that leaves this machine.
  init(_ limit: TimeAmount) {
    self.limit = limit
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head:
      stop()
      timeout = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in self.stop() }
      context.write(data, promise: written)
    }
  }

  private func stop() {
    timeout?.cancel()
    timeout = nil
  }
}
