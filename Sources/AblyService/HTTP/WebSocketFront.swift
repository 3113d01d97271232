internal import AblyTokens
internal import AblyWire
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
internal import ServiceLifecycle

typealias WebSocketChannel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

/// Carries frames between the sockets and the core.
struct WebSocketFront: Sendable {
  let core: ServiceCore
  let isSecure: Bool
  let logger: Logger

  /// The largest frame that is read. One that is a little over the limit is answered, a larger one is not.
  var maximumFrameBytes: Int { core.realtime.settings.maximumFrameBytes * 2 }

  /// How long a client may take to read the service's last word, and close its end.
  private static let closingTime: Duration = .seconds(2)

  private enum End: Sendable {
    /// The client's end.
    case reading
    /// The service's end.
    case writing
    case cut
    case late
  }

  /// Serves one client until it is gone.
  func serve(_ socket: WebSocketChannel, _ head: HTTPRequestHead) async throws {
    let connection = await core.connect(request(head, over: socket.channel))
    logger.debug("connected")
    defer {
      connection.end()
      logger.debug("disconnected")
    }
    try await socket.executeThenClose { inbound, outbound in
      await withGracefulShutdownHandler {
        await carry(connection, inbound, outbound, socket.channel)
      } onGracefulShutdown: {
        connection.goAway()
      }
    }
  }

  private func carry(
    _ connection: ServiceConnection, _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
    _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ channel: any Channel
  ) async {
    await withTaskGroup(of: End.self) { tasks in
      tasks.addTask {
        let isPolite = (try? await Self.write(connection, outbound, channel.allocator)) ?? false
        return isPolite ? .writing : .cut
      }
      tasks.addTask {
        try? await Self.read(connection, inbound, outbound)
        return .reading
      }
      tasks.addTask {
        await connection.waitForCut()
        return .cut
      }
      tasks.addTask {
        // From the moment on in which it was said: one who does not read never gets to hear it.
        await connection.waitForEnd()
        try? await Task.sleep(for: Self.closingTime)
        return .late
      }
      if await tasks.next() == .writing { _ = await tasks.next() }
      tasks.cancelAll()
    }
  }

  private static func read(
    _ connection: ServiceConnection, _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
    _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  ) async throws {
    for try await frame in inbound {
      switch frame.opcode {
      case .text, .binary: await connection.receive(Array(frame.unmaskedData.readableBytesView))
      case .ping: try await outbound.write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
      case .connectionClose:
        try await outbound.write(
          WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData))
        return
      default: break
      }
    }
  }

  /// Whether the client was told that this is the end.
  private static func write(
    _ connection: ServiceConnection, _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>,
    _ allocator: ByteBufferAllocator
  ) async throws -> Bool {
    var isPolite = false
    let opcode: WebSocketOpcode = connection.format == .json ? .text : .binary
    try await connection.forEachOutput { output in
      switch output {
      case .frame(let frame):
        let bytes = frame.bytes(connection.format)
        try await outbound.write(
          WebSocketFrame(fin: true, opcode: opcode, data: allocator.buffer(bytes: bytes)))
      case .ping:
        try await outbound.write(
          WebSocketFrame(fin: true, opcode: .ping, data: allocator.buffer(capacity: 0)))
      case .close(let code):
        guard let code else { return }
        isPolite = true
        var data = allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
        try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
      }
    }
    return isPolite
  }

  private func request(_ head: HTTPRequestHead, over channel: any Channel) -> ServiceRequest {
    var headers: [String: String] = [:]
    for (name, value) in head.headers {
      let name = name.lowercased()
      headers[name] = headers[name].map { "\($0), \(value)" } ?? value
    }
    let isLoopback = channel.remoteAddress.map(Loopback.contains) ?? false
    return ServiceRequest(
      head.method.rawValue, head.uri, headers: headers,
      peer: ServiceRequest.Peer(isLoopback: isLoopback, isSecure: isSecure))
  }
}
