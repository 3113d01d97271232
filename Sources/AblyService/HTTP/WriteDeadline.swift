internal import NIOCore

/// Closes a connection whose other end takes nothing of what waits to be sent to it. One that reads slowly goes
/// on.
final class WriteDeadline: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private let limit: TimeAmount
  private var timeout: Scheduled<Void>?
  private var progress = WriteProgress()

  init(_ limit: TimeAmount) {
    self.limit = limit
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timeout?.cancel()
    timeout = nil
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    progress.add(unwrapOutboundIn(data).readableBytes)
    context.write(data, promise: promise)
  }

  // Afterwards, so that what the socket takes at once costs no timer.
  func flush(context: ChannelHandlerContext) {
    context.flush()
    if timeout == nil { watch(context) }
  }

  private func watch(_ context: ChannelHandlerContext) {
    guard progress.begins(waiting: Self.waiting(context)) else { return }
    timeout = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.look(context) }
  }

  private func look(_ context: ChannelHandlerContext) {
    timeout = nil
    if progress.stands(waiting: Self.waiting(context)) { return context.close(promise: nil) }
    watch(context)
  }

  /// How many bytes the socket has not taken.
  private static func waiting(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }
}
