internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
internal import Synchronization
internal import TestSupport
internal import Testing

@Suite("WebSockets of SwiftNIO", .endsAtLast)
struct NIOWebSocketTransportTests {
  static let transport = NIOWebSocketTransport(openTimeout: .seconds(300))

  /// Opens a socket to a server, and gives what happens on it.
  private func open(
    _ port: Int, host: String = "127.0.0.1", maximumFrameSize: Int = 1 << 20,
    by transport: NIOWebSocketTransport = transport
  ) -> (socket: any RealtimeSocket, events: AsyncStream<RealtimeSocketEvent>) {
    let (events, news) = AsyncStream.makeStream(of: RealtimeSocketEvent.self)
    let request = RealtimeRequest(
      isSecure: false, host: host, port: port, authority: "127.0.0.1:\(port)", target: "/?a=b",
      headers: ["X-Test": "of the test"], maximumFrameSize: maximumFrameSize)
    let socket = transport.open(request) { event in
      news.yield(event)
      if case .ended = event { news.finish() }
    }
    return (socket, events)
  }

  /// How a socket to a server ends that behaves so.
  private func end(
    _ behaviour: RawWebSocketServer.Behaviour, maximumFrameSize: Int = 1 << 20
  ) async throws -> RealtimeSocketEnd? {
    try await RawWebSocketServer.run(behaviour) { server in
      for await event in open(server.port, maximumFrameSize: maximumFrameSize).events {
        if case .ended(let end) = event { return end }
      }
      return nil
    }
  }

  private static func text(_ text: String, fin: Bool = true, _ opcode: WebSocketOpcode = .text)
    -> WebSocketFrame
  {
    WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(string: text))
  }

  @Test("A frame that comes along with the answer is not lost, and one in parts is put together")
  func frames() async throws {
    let frames = [Self.text("first"), Self.text("sec", fin: false), Self.text("ond", .continuation)]
    try await RawWebSocketServer.run(.frames(frames)) { server in
      let (socket, events) = open(server.port)
      var texts: [String] = []
      for await event in events.prefix(2) {
        guard case .frame(let frame) = event else { continue }
        #expect(frame.isText)
        texts.append(String(decoding: frame.bytes, as: UTF8.self))
      }
      #expect(texts == ["first", "second"])
      socket.close()
    }
  }

  @Test("RTN2: of two addresses of a host the one that answers is used, though the other was tried first")
  func severalAddresses() async throws {
    try await SilentAddress.run { silent in
      try await RawWebSocketServer.run(.frames([Self.text("first")])) { server in
        let addresses = [silent, try SocketAddress.local(port: server.port)]
        let transport = NIOWebSocketTransport(
          openTimeout: .seconds(300), resolver: FixedResolver(addresses: addresses))
        let (socket, events) = open(server.port, host: "several.example", by: transport)
        var iterator = events.makeAsyncIterator()
        guard case .frame(let frame) = await iterator.next() else {
          Issue.record("no frame came")
          return
        }
        #expect(String(decoding: frame.bytes, as: UTF8.self) == "first")
        socket.send(RealtimeFrame(isText: true, bytes: Array("second".utf8)))
        guard case .frame(let echo) = await iterator.next() else {
          Issue.record("it has ended")
          return
        }
        #expect(String(decoding: echo.bytes, as: UTF8.self) == "second")
        socket.close()
        var connections = server.connections.makeAsyncIterator()
        #expect(await connections.next() == true)
        #expect(await connections.next() == false)
      }
    }
  }

  @Test("RTN12: a socket that is closed while no address has answered is not opened any more")
  func closedBefore() async throws {
    try await SilentAddress.run { silent in
      let transport = NIOWebSocketTransport(
        openTimeout: .seconds(3600), resolver: FixedResolver(addresses: [silent]))
      // Nothing holds it any more, and so nobody tries.
      weak var socket: AnyObject?
      socket = closedAtOnce(transport) as AnyObject
      try await until(socket == nil)
    }
  }

  private func closedAtOnce(_ transport: NIOWebSocketTransport) -> any RealtimeSocket {
    let socket = open(1, host: "silent.example", by: transport).socket
    socket.close()
    return socket
  }

  @Test(
    "RSC7d2: the header fields of a request travel with it, beside the host", arguments: ["X-Test", "Host"])
  func headers(name: String) async throws {
    try await RawWebSocketServer.run(.field(name)) { server in
      let (socket, events) = open(server.port)
      var iterator = events.makeAsyncIterator()
      guard case .frame(let frame) = await iterator.next() else {
        Issue.record("no frame came")
        return
      }
      let expected = name == "Host" ? "127.0.0.1:\(server.port)" : "of the test"
      #expect(String(decoding: frame.bytes, as: UTF8.self) == expected)
      socket.close()
    }
  }

  @Test("A peer that hangs up its half of the socket has closed it")
  func halfClosed() async throws {
    #expect(try await end(.halfClose([Self.text("bye")])) == .closed(code: nil))
  }

  @Test("Nothing of a socket is left once it is closed, whichever end closed it", arguments: [true, false])
  func leak(closes: Bool) async throws {
    let go = [Self.text("go")]
    weak var left: AnyObject?
    try await RawWebSocketServer.run(closes ? .frames(go) : .halfClose(go)) { server in
      let (socket, events) = open(server.port)
      left = socket as AnyObject
      for await event in events {
        guard closes, case .frame = event else { continue }
        socket.close()
        break
      }
      for await isNew in server.connections where !isNew { break }
    }
    // What its event loop has yet to do for it.
    for _ in 0..<3 {
      for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() { try await loop.submit {}.get() }
    }
    #expect(left == nil)
  }

  @Test("What is sent arrives whole and in order, text and bytes")
  func order() async throws {
    try await RawWebSocketServer.run(.frames([Self.text("go")])) { server in
      let (socket, events) = open(server.port)
      let sent = (0..<1000).map { index in
        RealtimeFrame(
          isText: index.isMultiple(of: 2), bytes: Array(repeating: UInt8(index % 100), count: index))
      }
      var received: [RealtimeFrame] = []
      for await event in events {
        guard case .frame(let frame) = event else { continue }
        if frame.bytes == Array("go".utf8), received.isEmpty {
          for frame in sent { socket.send(frame) }
          continue
        }
        received.append(frame)
        if received.count == sent.count { break }
      }
      #expect(received == sent)
      socket.close()
    }
  }

  @Test("What is sent to a peer that takes nothing waits, and with too much of it the socket is given up")
  func overflow() async throws {
    try await RawWebSocketServer.run(.deaf(Self.text("go"))) { server in
      let (socket, events) = open(server.port)
      let frame = RealtimeFrame(isText: false, bytes: Array(repeating: 7, count: 1 << 20))
      var end: RealtimeSocketEnd?
      for await event in events {
        switch event {
        case .frame: for _ in 0..<600 { socket.send(frame) }
        case .activity: break
        case .ended(let told): end = told
        }
      }
      #expect(reason(of: end) == .broken)
    }
  }

  @Test("Frames of every length arrive as they are", arguments: [0, 1, 125, 126, 65_535, 65_536, 70_001])
  func lengths(count: Int) async throws {
    try await RawWebSocketServer.run(.frames([Self.text("go")])) { server in
      let (socket, events) = open(server.port)
      let frame = RealtimeFrame(isText: false, bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      var received: [RealtimeFrame] = []
      for await event in events.prefix(2) {
        guard case .frame(let frame) = event else { continue }
        received.append(frame)
        if received.count == 1 { socket.send(RealtimeFrame(isText: false, bytes: [])) }
      }
      #expect(received.count == 2)
      socket.send(frame)
      for await event in events.prefix(1) {
        guard case .frame(let back) = event else { continue }
        #expect(back == frame)
      }
      socket.close()
    }
  }

  @Test("RTN23b: a ping of the WebSocket is answered, and told")
  func ping() async throws {
    try await RawWebSocketServer.run(.frames([Self.text("are you there", .ping)])) { server in
      let (socket, events) = open(server.port)
      var iterator = events.makeAsyncIterator()
      let (first, second) = (await iterator.next(), await iterator.next())
      guard case .activity = first, case .frame(let pong) = second else {
        Issue.record("neither a ping nor its answer was told")
        return
      }
      #expect(pong.bytes == Array("are you there".utf8))
      socket.close()
    }
  }

  @Test("Whoever closes is told nothing more, although more has come")
  func close() async throws {
    try await RawWebSocketServer.run(.frames(Array(repeating: Self.text("hello"), count: 100))) { server in
      let own = Locked<(any RealtimeSocket)?>(nil)
      let told = Locked(0)
      let request = RealtimeRequest(
        isSecure: false, host: "127.0.0.1", port: server.port, authority: "127.0.0.1", target: "/")
      let socket = Self.transport.open(request) { _ in
        told.withLock { $0 += 1 }
        own.withLock { $0 }?.close()
      }
      own.withLock { $0 = socket }
      var connections = server.connections.makeAsyncIterator()
      #expect(await connections.next() == true)
      #expect(await connections.next() == false)
      #expect(told.withLock { $0 } == 1)
    }
  }

  @Test("A close of the peer is told, with its code")
  func peerCloses() async throws {
    var code = ByteBuffer()
    code.writeInteger(UInt16(4001))
    #expect(
      try await end(.frames([WebSocketFrame(fin: true, opcode: .connectionClose, data: code)]))
        == .closed(code: 4001))
    #expect(
      try await end(.frames([WebSocketFrame(fin: true, opcode: .connectionClose, data: ByteBuffer())]))
        == .closed(code: nil))
  }

  @Test("RSC15l: a refusal is told with its status", arguments: [401, 404, 503])
  func refusal(status: Int) async throws {
    #expect(try await end(.refusal(.init(statusCode: status))) == .refused(status: status))
  }

  private func reason(of end: RealtimeSocketEnd?) -> HTTPFailure.Reason? {
    if case .failed(let failure) = end { failure.reason } else { nil }
  }

  @Test("A frame over the limit ends the socket before it is read, whole or in parts")
  func tooLarge() async throws {
    let large = String(repeating: "x", count: 2000)
    #expect(reason(of: try await end(.frames([Self.text(large)]), maximumFrameSize: 1024)) == .tooLarge)
    let parts = (0..<3).map {
      Self.text(String(large.prefix(600)), fin: false, $0 == 0 ? .text : .continuation)
    }
    #expect(reason(of: try await end(.frames(parts), maximumFrameSize: 1024)) == .tooLarge)
    // A length that no memory has.
    let claim: [UInt8] = [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(reason(of: try await end(.bytesForFrames(claim))) == .tooLarge)
  }

  @Test(
    "Frames that are none end the socket",
    arguments: [
      [0x83, 0x00], [0x80, 0x01, 0x61], [0x09, 0x00], [0x89, 126, 0x01, 0x00], [0x8B, 127],
    ] as [[UInt8]])
  func garbage(bytes: [UInt8]) async throws {
    // The last is a beginning alone: whatever follows makes it wrong.
    let end = try await end(.bytesForFrames(bytes + Array(repeating: 0xFF, count: 64)))
    #expect(end != nil)
    #expect([.malformed, .tooLarge].contains(reason(of: end)))
  }

  @Test("A peer that does not speak HTTP, and one that hangs up")
  func noHTTP() async throws {
    let end = try await end(.bytes(Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8)))
    #expect(reason(of: end) == .malformed)
    let hungUp = try await self.end(.hangUp)
    #expect(hungUp == .closed(code: nil) || reason(of: hungUp) == .broken)
  }

  @Test("A port at which nothing listens")
  func refused() async throws {
    try await withRefusingPort { port in
      var end: RealtimeSocketEnd?
      for await event in open(port).events { if case .ended(let told) = event { end = told } }
      #expect(reason(of: end) == .refused)
    }
  }

  @Test("A peer that accepts and says nothing is left when the client closes")
  func silence() async throws {
    try await RawWebSocketServer.run(.bytes([])) { server in
      let (socket, _) = open(server.port)
      var connections = server.connections.makeAsyncIterator()
      #expect(await connections.next() == true)
      socket.close()
      #expect(await connections.next() == false)
    }
  }

  @Test("TLS with a peer that does not speak it fails as TLS")
  func notTLS() async throws {
    try await RawWebSocketServer.run(.bytes(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))) { server in
      let (events, news) = AsyncStream.makeStream(of: RealtimeSocketEvent.self)
      let request = RealtimeRequest(
        isSecure: true, host: "127.0.0.1", port: server.port, authority: "127.0.0.1", target: "/")
      let socket = Self.transport.open(request) { news.yield($0) }
      var iterator = events.makeAsyncIterator()
      guard case .ended(let end) = await iterator.next() else {
        Issue.record("it did not end")
        return
      }
      #expect(reason(of: end) == .tls)
      socket.close()
    }
  }
}
