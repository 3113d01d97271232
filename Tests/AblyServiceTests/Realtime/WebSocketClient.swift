internal import AblyTokens
internal import AblyWire
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket
internal import TestSupport

@testable internal import AblyService

/// A WebSocket of a few lines, to see the service from outside.
enum WebSocketClient {
  private enum Upgrade: Sendable {
    case done(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>)
    case refused
  }

  struct Refused: Error {}

  static func open<Result>(
    _ address: BoundAddress, _ uri: String, receiving bytes: Int? = nil,
    _ body: (inout Socket) async throws -> Result
  ) async throws -> Result {
    let tls = address.isSecure ? try NIOSSLContext(configuration: TestCertificate.trusting()) : nil
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    if let bytes {
      bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(bytes))
    }
    let upgrade =
      try await bootstrap
      .connect(to: .local(port: address.port, host: address.host)) { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: nil))
          }
          return try configure(channel, address, uri)
        }
      }
    guard case .done(let channel) = try await upgrade.get() else { throw Refused() }
    return try await channel.executeThenClose { inbound, outbound in
      var socket = Socket(frames: inbound.makeAsyncIterator(), sender: Sender(outbound: outbound))
      return try await body(&socket)
    }
  }

  private static func configure(
    _ channel: any Channel, _ address: BoundAddress, _ uri: String
  ) throws -> EventLoopFuture<Upgrade> {
    let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(maxFrameSize: 1 << 24) { channel, _ in
      channel.eventLoop.makeCompletedFuture {
        .done(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
      }
    }
    var configuration = NIOUpgradableHTTPClientPipelineConfiguration<Upgrade>(
      upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
        upgradeRequestHead: HTTPRequestHead(
          version: .http1_1, method: .GET, uri: uri, headers: ["Host": "\(address.host):\(address.port)"]),
        upgraders: [upgrader],
        notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(.refused) }))
    configuration.leftOverBytesStrategy = .forwardBytes
    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
      configuration: configuration)
  }

  struct Socket {
    var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
    let sender: Sender

    /// What comes next; `nil` at the end.
    mutating func next() async throws -> WebSocketFrame? { try await frames.next() }

    /// The next protocol message, in JSON.
    mutating func message() async throws -> ProtocolMessage? {
      guard let frame = try await next(), frame.opcode == .text else { return nil }
      return try ProtocolMessage(json: JSONValue(parsing: frame.unmaskedData.readableBytesView))
    }

    func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8], isLast: Bool = true) async throws {
      try await sender.send(opcode, bytes, isLast: isLast)
    }

    func send(_ json: JSONValue) async throws { try await send(.text, json.utf8) }
  }

  /// The half of a socket that another task can use.
  struct Sender: Sendable {
    let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8], isLast: Bool = true) async throws {
      try await outbound.write(
        WebSocketFrame(fin: isLast, opcode: opcode, maskKey: .random(), data: ByteBuffer(bytes: bytes)))
    }
  }
}
