internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// A connection of an ``EndpointServer``.
///
/// Answers that need no waiting are given by ``EndpointHandler`` on the connection's own thread, where a general
/// HTTP server hands each request to a task and its answer back. What has to wait does so in the one task of the
/// connection.
struct EndpointChannel: ServerChildChannel {
  let site: EndpointSite
  let idleTimeout: TimeAmount
  let gate: ConnectionGate

  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let waiting: AsyncStream<WaitingRequest>
  }

  /// The most that all header fields of a request may take, in bytes.
  static let maximumHeaderBytes = 32 * 1024

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let isAdmitted = gate.admits(channel)
    let value = makeValue(channel)
    guard !isAdmitted else { return value }
    // Not by a failed future: that would be an error of the socket that listens.
    return value.always { _ in channel.close(promise: nil) }
  }

  private func makeValue(_ channel: any Channel) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let (waiting, continuation) = AsyncStream.makeStream(of: WaitingRequest.self)
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderFieldSize = Self.maximumHeaderBytes
      limits.maxHeaderListSize = Self.maximumHeaderBytes
      limits.maxHeaderFieldCount = 128
      let decoder = HTTPRequestDecoder(
        leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
      try channel.pipeline.syncOperations.addHandlers(
        ByteToMessageHandler(decoder),
        EndpointHandler(site: site, idleTimeout: idleTimeout, waiting: continuation))
      return Value(channel: channel, waiting: waiting)
    }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskCancellationHandler {
      for await request in value.waiting { await request.finish(with: site) }
    } onCancel: {
      value.channel.close(promise: nil)
    }
  }
}

/// A request whose answer has to be waited for, and the handler that writes it.
struct WaitingRequest: Sendable {
  let work: EndpointSite.Answer
  let handler: NIOLoopBound<EndpointHandler>
  let eventLoop: any EventLoop

  func finish(with site: EndpointSite) async {
    let response: EndpointResponse
    switch work {
    case .now(let answer): response = answer
    case .later(var run): response = await run.finish()
    case .traced(let request): response = await site.endpoint.respond(to: request)
    }
    eventLoop.execute { handler.value.answerWaiting(response) }
  }
}
