internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket

/// A connection that is told apart by its first request: HTTP, or a WebSocket on the path `/`.
struct HTTPOrWebSocketChannel: ServerChildChannel, HTTPChannelHandler {
  typealias HTTP = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  enum Negotiated: Sendable {
    case http(HTTP)
    case webSocket(NIOLoopBound<WebSocketHandler>, HTTPRequestHead)
  }

  struct Value: ServerChildChannelValue {
    let negotiated: EventLoopFuture<Negotiated>
    let channel: any Channel
  }

  let responder: HTTPChannelHandler.Responder
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
      // What is not HTTP is answered with 400.
      let errors = HTTPServerProtocolErrorHandler()
      let upgrade = NIOTypedHTTPServerUpgradeHandler<Negotiated>(
        httpEncoder: encoder, extraHTTPHandlers: [decoder, filter, errors],
        upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
          upgraders: [upgrader], notUpgradingCompletionHandler: plain(logger)))
      let sync = channel.pipeline.syncOperations
      // Nearest to the socket, behind TLS too: what it counts is what travels.
      try sync.addHandler(WriteDeadline(TimeAmount(limits.writeTimeout)), position: .first)
      try sync.addHandler(NegotiationTimeout(TimeAmount(limits.firstRequestTimeout)))
      try sync.addHandlers(encoder, decoder, filter, errors, upgrade)
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

  private func plain(_ logger: Logger) -> @Sendable (any Channel) -> EventLoopFuture<Negotiated> {
    { channel in
      channel.eventLoop.makeCompletedFuture {
        try Self.endNegotiation(channel)
        let sync = channel.pipeline.syncOperations
        try sync.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        // The first request has come: that of a connection that is told apart is read by now.
        try sync.addHandler(RequestDeadline(first: nil, whole: TimeAmount(limits.requestTimeout)))
        try sync.addHandler(ResponseDeadline(TimeAmount(limits.responseTimeout)))
        try sync.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
        return .http(
          try HTTP(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
      }
    }
  }

  private static func endNegotiation(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.handler(type: NegotiationTimeout.self).end()
  }

  func handle(value: Value, logger: Logger) async {
    do {
      switch try await value.negotiated.get() {
      case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
      case .webSocket(let socket, let head): await webSockets.connect(socket, head, over: value.channel)
      }
    } catch {
      logger.debug("a connection ended", metadata: ["error": "\(error)"])
      try? await value.channel.close()
    }
  }
}
