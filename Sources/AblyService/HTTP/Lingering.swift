internal import NIOCore

/// How a connection is ended whose client may still send: were it closed at once, what nobody has read of it would take
/// the last answer away from the client.
enum Lingering {
  /// Closes this end once what has been written has gone out, for which others state a time, and the connection as soon
  /// as the client has closed its own, or its time for that is over.
  ///
  /// - Parameter isOver: whether nothing is to be waited for.
  static func close(
    _ context: ChannelHandlerContext, within time: TimeAmount, if isOver: @escaping () -> Bool
  ) {
    guard let encoder = try? context.pipeline.syncOperations.context(name: Self.encoder) else { return }
    let nothing = IOData.byteBuffer(context.channel.allocator.buffer(capacity: 0))
    encoder.writeAndFlush(NIOAny(nothing)).assumeIsolated().whenComplete { _ in
      let ending = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
      context.channel.closeFuture.assumeIsolated().whenComplete { _ in ending.cancel() }
      context.close(mode: isOver() ? .all : .output).assumeIsolated().whenFailure { _ in
        context.close(promise: nil)
      }
    }
  }

  /// The name of the handler that makes bytes of answers.
  static let encoder = "answers"
}
