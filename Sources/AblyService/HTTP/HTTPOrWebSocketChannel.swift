internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// A connection that is told apart by its first request: HTTP, or a WebSocket on the path `/`.
struct HTTPOrWebSocketChannel: ServerChildChannel {
  enum Negotiated: Sendable {
    case http
    case webSocket(NIOLoopBound<WebSocketHandler>, HTTPRequestHead)
  }

  struct Value: ServerChildChannelValue {
    let negotiated: EventLoopFuture<Negotiated>
    let channel: any Channel
  }

  let front: HTTPFront
  let idleTimeout: Duration
  let limits: ServerLimits
  let webSockets: WebSocketFront

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      var decoderLimits = NIOHTTPDecoderLimitConfiguration()
      decoderLimits.maxHeaderFieldSize = limits.headerBytes
      decoderLimits.maxHeaderListSize = limits.headerBytes
      decoderLimits.maxHeaderFieldCount = limits.headerCount
      let encoder = HTTPResponseEncoder()
      let decoder = ByteToMessageHandler(
        HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoderLimits))
      let filter = UpgradeFilter()
      let malformed = MalformedRequests(TimeAmount(limits.closingTime))
      let upgrade = NIOTypedHTTPServerUpgradeHandler<Negotiated>(
        httpEncoder: encoder, extraHTTPHandlers: [decoder, filter, malformed],
        upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
          upgraders: [upgrader], notUpgradingCompletionHandler: plain))
      let sync = channel.pipeline.syncOperations
      // Nearest to the socket, behind TLS too: what it counts is what travels.
      try sync.addHandler(WriteDeadline(TimeAmount(limits.writeTimeout)), position: .first)
      try sync.addHandler(NegotiationTimeout(TimeAmount(limits.firstRequestTimeout)))
      try sync.addHandler(encoder, name: Lingering.encoder)
      try sync.addHandlers(decoder, filter, malformed, upgrade)
      return Value(negotiated: upgrade.upgradeResultFuture, channel: channel)
    }
  }

  private var upgrader: NIOTypedWebSocketServerUpgrader<Negotiated> {
    NIOTypedWebSocketServerUpgrader(
      maxFrameSize: webSockets.maximumFrameBytes,
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          let sync = channel.pipeline.syncOperations
          let watch = SocketWatch(
            silence: TimeAmount(limits.silenceTimeout), whole: TimeAmount(limits.requestTimeout))
          try sync.addHandler(
            SocketWatch.Bytes(watch), position: .after(sync.handler(type: NegotiationTimeout.self)))
          try Self.endNegotiation(channel)
          let handler = WebSocketHandler(webSockets)
          try sync.addHandlers(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64,
              maxAccumulatedFrameSize: webSockets.maximumFrameBytes), watch, handler)
          return .webSocket(NIOLoopBound(handler, eventLoop: channel.eventLoop), head)
        }
      })
  }

  private var plain: @Sendable (any Channel) -> EventLoopFuture<Negotiated> {
    { channel in
      channel.eventLoop.makeCompletedFuture {
        try Self.endNegotiation(channel)
        let sync = channel.pipeline.syncOperations
        sync.removeHandler(try sync.handler(type: MalformedRequests.self), promise: nil)
        try sync.handler(type: WriteDeadline.self).limitAnswers(to: TimeAmount(limits.responseTimeout))
        try sync.addHandler(HTTPHandler(front, idle: TimeAmount(idleTimeout), peer: front.peer(of: channel)))
        return .http
      }
    }
  }

  private static func endNegotiation(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.handler(type: NegotiationTimeout.self).end()
  }

  func handle(value: Value, logger: Logger) async {
    do {
      switch try await value.negotiated.get() {
      case .http: webSockets.sockets.add(value.channel)
      case .webSocket(let socket, let head): await webSockets.connect(socket, head, over: value.channel)
      }
    } catch {
      logger.debug("a connection ended", metadata: ["error": "\(error)"])
      try? await value.channel.close()
    }
  }
}
