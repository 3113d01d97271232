internal import NIOCore

/// Closes a connection whose other end takes nothing of what waits to be sent to it, or does not take an answer to its
/// end in time.
///
/// There is a timer only while something waits, and one at most: it looks whether it was too early.
final class WriteDeadline: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private var progress: WriteProgress
  private var nextLook: Scheduled<Void>?

  /// - Parameter pause: how long the other end may take nothing at all.
  init(_ pause: TimeAmount) {
    progress = WriteProgress(pause: pause)
  }

  /// From now on an answer may take no longer than this, from when it is given to the socket to the last byte that
  /// leaves this machine; `nil` for as long as something is taken.
  func limitAnswers(to whole: TimeAmount?) { progress.whole = whole }

  func handlerRemoved(context: ChannelHandlerContext) {
    nextLook?.cancel()
    nextLook = nil
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    progress.add(unwrapOutboundIn(data).readableBytes)
    context.write(data, promise: promise)
  }

  // Afterwards, so that what the socket takes at once costs no timer.
  func flush(context: ChannelHandlerContext) {
    context.flush()
    guard nextLook == nil else { return }
    let waiting = Self.waiting(context)
    if waiting > 0 { heed(progress.begin(waiting: waiting, at: .now()), context) }
  }

  private func heed(_ verdict: WriteProgress.Verdict, _ context: ChannelHandlerContext) {
    switch verdict {
    case .isDone: break
    case .isTooSlow: context.close(promise: nil)
    case .goesOn(let time):
      nextLook = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) {
        self.nextLook = nil
        self.heed(self.progress.look(waiting: Self.waiting(context), at: .now()), context)
      }
    }
  }

  /// How many bytes the socket has not taken.
  private static func waiting(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }
}
