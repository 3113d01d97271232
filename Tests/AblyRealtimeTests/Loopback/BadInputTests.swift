internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import NIOCore
internal import NIOWebSocket
internal import TestSupport
internal import Testing

@Suite("Over sockets: peers that misbehave", .endsAtLast)
struct BadInputTests {
  private static func text(_ json: JSONValue) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: json.text))
  }

  private static let connected = text([
    "action": 4, "connectionId": "one",
    "connectionDetails": ["connectionKey": "key-one", "maxIdleInterval": 15_000],
  ])

  /// Runs a client against such a peer, on a clock that stands still.
  private func run(
    _ behaviour: RawWebSocketServer.Behaviour, _ desk: TokenDesk = TokenDesk(),
    _ body: (RealtimeClient, FaultInjector, ManualClock) async throws -> Void
  ) async throws {
    try await RawWebSocketServer.run(behaviour) { server in
      var options = ClientOptions(authCallback: desk.callback, json: true)
      options.endpoint = "127.0.0.1"
      options.port = server.port
      options.tls = false
      options.realtimeRequestTimeout = .seconds(10)
      options.logger = LogCapture().logger
      let (sockets, clock) = (FaultInjector(), ManualClock())
      let client = try RealtimeClient(
        options: options, transport: sockets, httpTransport: nil,
        surroundings: Surroundings(clock: clock.hostClock, jitter: { 1 }))
      try await client.running {
        try await body(client, sockets, clock)
        // A peer like these does not answer CLOSE.
        client.close()
        for socket in sockets.sockets { socket.cut() }
      }
    }
  }

  /// Frames that no protocol has: text that is none, JSON that is no frame, bytes that are no MessagePack, a
  /// frame whose parts have the wrong form, one beyond every limit.
  static let garbageFrames: [WebSocketFrame] = [
    WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "}{")),
    WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "[[[[[[[[")),
    WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: [0xC3, 0x28])),
    WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: [0xDF, 0xFF, 0xFF, 0xFF, 0xFF])),
    text(["action": 15, "channel": "a", "messages": 7]),
    WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(repeating: 0x20, count: 5 << 20)),
  ]

  @Test(
    "80013: garbage and frames that are too large end the socket; it is made anew, and no more than once a second",
    arguments: garbageFrames.indices)
  func garbage(index: Int) async throws {
    try await run(.frames([Self.connected, Self.garbageFrames[index]])) { client, sockets, clock in
      try await until(client.connection.state == .disconnected && sockets.sockets.count >= 2)
      #expect(client.connection.errorReason?.code == .protocolError)
      #expect(client.connection.id == "one")
      clock.advance(by: .seconds(1))
      try await until(sockets.sockets.count >= 3)
    }
  }

  @Test("A peer that hangs up one half of the socket is one that hung up", arguments: [true, false])
  func halfClosed(isConnected: Bool) async throws {
    try await run(.halfClose(isConnected ? [Self.connected] : [])) { client, sockets, _ in
      try await until(client.connection.state == .disconnected)
      #expect(client.connection.errorReason?.code == .connectionDisconnected)
      // Once for the attempt; where CONNECTED was read before the end, once more without delay.
      #expect((1...(isConnected ? 2 : 1)).contains(sockets.sockets.count))
    }
  }

  /// One that accepts the connection and nothing else, and one that opens the WebSocket.
  static let silentPeers: [RawWebSocketServer.Behaviour] = [.bytes([]), .frames([])]

  @Test(
    "RTN14c: a peer that accepts and says nothing is given up after realtimeRequestTimeout",
    arguments: silentPeers.indices)
  func silent(index: Int) async throws {
    try await run(Self.silentPeers[index]) { client, sockets, clock in
      try await until(!sockets.sockets.isEmpty)
      clock.advance(by: .milliseconds(9999))
      #expect(client.connection.state == .connecting)
      clock.advance(by: .milliseconds(1))
      try await client.connection.whenState(.disconnected)
      #expect(client.connection.errorReason?.code == .connectionDisconnected)
      #expect(client.connection.errorReason?.statusCode == 408)
      #expect(client.connection.id == nil)
    }
  }

  @Test("RTN21: CONNECTED without id, key or details makes a connection that works")
  func bareConnected() async throws {
    try await run(.frames([Self.text(["action": 4])])) { client, _, clock in
      try await client.connection.whenState(.connected)
      #expect(client.connection.id == nil)
      #expect(client.connection.key == nil)
      #expect(client.connection.createRecoveryKey() == nil)
      // The peer gives back what it gets.
      _ = try await client.connection.ping()
      clock.advance(by: .seconds(1_000_000))
      _ = try await client.connection.ping()
      #expect(client.connection.state == .connected)
    }
  }

  @Test("RTN22: a storm of AUTH costs one token")
  func authStorm() async throws {
    let desk = TokenDesk()
    let storm = Array(repeating: Self.text(["action": 17]), count: 1000)
    try await run(.frames([Self.connected] + storm), desk) { client, _, _ in
      try await client.connection.whenState(.connected)
      try await until(desk.asked.count >= 2)
      // The peer gives back the AUTH of the client too, before this.
      _ = try await client.connection.ping()
      #expect(desk.asked.count == 2)
      #expect(client.connection.state == .connected)
    }
  }

  @Test("RTN15j: ERROR after ERROR is FAILED with the first, and again when a connection is asked for")
  func errors() async throws {
    let first: JSONValue = ["code": 40400, "statusCode": 404, "message": "the first"]
    let other: JSONValue = ["code": 50000, "statusCode": 500, "message": "another"]
    let errors = [first] + Array(repeating: other, count: 100)
    let frames = errors.map { Self.text(["action": 9, "error": $0]) }
    try await run(.frames([Self.connected] + frames)) { client, sockets, _ in
      for count in 1...3 {
        try await client.connection.whenState(.failed)
        #expect(client.connection.errorReason?.code == .notFound)
        #expect(sockets.sockets.count == count)
        client.connect()
        try await until(client.connection.state != .failed || sockets.sockets.count != count)
      }
    }
  }
}
