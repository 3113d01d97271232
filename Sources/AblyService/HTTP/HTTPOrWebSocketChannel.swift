internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// A connection over HTTP, which becomes a WebSocket by a request for that on the path `/`: by its first, as clients do
/// it, or by a later one, as of a proxy that keeps its connections.
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
      let upgrade = upgrade(encoder, [decoder, filter, malformed])
      let sync = channel.pipeline.syncOperations
      // Nearest to the socket, behind TLS too: what it counts is what travels.
      try sync.addHandler(WriteDeadline(TimeAmount(limits.writeTimeout)), position: .first)
      try sync.addHandler(NegotiationTimeout(TimeAmount(limits.firstRequestTimeout)))
      try sync.addHandler(encoder, name: Lingering.encoder)
      try sync.addHandlers(decoder, filter, malformed, upgrade)
      return Value(negotiated: upgrade.upgradeResultFuture, channel: channel)
    }
  }

  private func upgrade(
    _ encoder: HTTPResponseEncoder, _ others: [any RemovableChannelHandler]
  ) -> NIOTypedHTTPServerUpgradeHandler<Negotiated> {
    NIOTypedHTTPServerUpgradeHandler(
      httpEncoder: encoder, extraHTTPHandlers: others,
      upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
        upgraders: [upgrader], notUpgradingCompletionHandler: plain))
  }

  /// Puts another such handler behind one that has served requests: each looks at the first request that it sees, and no
  /// further.
  private func upgradeLater(_ channel: any Channel, behind handler: HTTPHandler) throws {
    let sync = channel.pipeline.syncOperations
    let upgrade = upgrade(
      try sync.handler(type: HTTPResponseEncoder.self),
      [
        try sync.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self),
        try sync.handler(type: UpgradeFilter.self),
      ])
    try sync.addHandler(upgrade, position: .after(handler))
    upgrade.upgradeResultFuture.whenComplete { [webSockets] result in
      guard case .success(.webSocket(let socket, let head)) = result else {
        return channel.close(promise: nil)
      }
      webSockets.errands.add { await webSockets.connect(socket, head, over: channel) }
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
          try sync.handler(type: WriteDeadline.self).limitAnswers(to: nil)
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
        try sync.addHandler(
          HTTPHandler(
            front, idle: TimeAmount(idleTimeout), peer: front.peer(of: channel), upgrade: upgradeLater))
        return .http
      }
    }
  }

  private static func endNegotiation(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.handler(type: NegotiationTimeout.self).end()
  }

  func handle(value: Value, logger: Logger) async {
    do {
      let negotiated = try await value.negotiated.get()
      webSockets.sockets.add(value.channel)
      switch negotiated {
      case .http: break
      case .webSocket(let socket, let head): await webSockets.connect(socket, head, over: value.channel)
      }
    } catch {
      logger.debug("a connection ended", metadata: ["error": "\(error)"])
      try? await value.channel.close()
    }
  }
}
