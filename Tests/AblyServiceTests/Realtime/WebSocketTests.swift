internal import AblyTokens
internal import AblyWire
internal import Logging
internal import NIOCore
internal import NIOWebSocket
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite struct WebSocketTests {
  private func open(_ body: (LoopbackDesk, inout WebSocketClient.Socket) async throws -> Void) async throws {
    try await LoopbackDesk.open { loopback in
      try await WebSocketClient.open(
        loopback.address, "/?v=6&key=\(loopback.desk.root.key.revealed())"
      ) { socket in
        #expect(try await socket.message()?.action == .connected)
        try await body(loopback, &socket)
      }
    }
  }

  @Test("RTN2: WebSocket and HTTP share one port, and what is published over one is heard over the other")
  func onePort() async throws {
    try await open { loopback, socket in
      try await socket.send(["action": 10, "channel": "a"])
      #expect(try await socket.message()?.action == .attached)
      let answer = try await loopback.send(
        "POST", "/channels/a/messages", body: (["data": "x"] as JSONValue).utf8,
        headers: basic(loopback.desk.root).merging(["content-type": "application/json"]) { $1 })
      #expect(answer.status == 201)
      #expect(try await socket.message()?.messages.map(\.data) == ["x"])
      try await socket.send(["action": 7])
      #expect(try await socket.message()?.action == .closed)
      #expect(try await socket.next()?.opcode == .connectionClose)
    }
  }

  @Test("a refusal comes over the socket that was opened for it, which then closes")
  func refusal() async throws {
    try await LoopbackDesk.open { loopback in
      try await WebSocketClient.open(loopback.address, "/?v=6&accessToken=nonsense") { socket in
        let message = try await socket.message()
        #expect(message?.action == .error)
        #expect(message?.error?.code.rawValue == 40101)
        #expect(try await socket.next()?.opcode == .connectionClose)
      }
    }
  }

  @Test("pings are answered, fragments put together, and a close is returned")
  func frames() async throws {
    try await open { _, socket in
      try await socket.send(.ping, Array("x".utf8))
      let pong = try await socket.next()
      #expect(pong?.opcode == .pong)
      #expect(pong.map { Array($0.unmaskedData.readableBytesView) } == Array("x".utf8))
      let text = Array(#"{"action":0,"id":"parts"}"#.utf8)
      try await socket.send(.text, Array(text[..<9]), isLast: false)
      try await socket.send(.continuation, Array(text[9...]))
      #expect(try await socket.message()?.id == "parts")
      try await socket.send(.connectionClose, [0x03, 0xE8])
      #expect(try await socket.next()?.opcode == .connectionClose)
      #expect(try await socket.next() == nil)
    }
  }

  @Test("a frame over the limit is answered with ERROR 40009")
  func tooLarge() async throws {
    try await open { _, socket in
      try await socket.send(.text, Array(repeating: 0x20, count: 524_289))
      #expect(try await socket.message()?.error?.code.rawValue == 40009)
    }
  }

  @Test("a frame far over the limit closes the socket with 1009, and nobody else notices")
  func farTooLarge() async throws {
    try await open { loopback, socket in
      try? await socket.send(.text, Array(repeating: 0x20, count: 4 << 20))
      let answer = try await loopback.send("GET", "/time")
      #expect(answer.status == 200)
      while let frame = try? await socket.next() {
        var data = frame.unmaskedData
        if frame.opcode == .connectionClose { #expect(data.readWebSocketErrorCode() == .messageTooLarge) }
      }
    }
  }

  @Test("with a certificate it is WebSocket over TLS on the same port")
  func secure() async throws {
    let desk = try Desk()
    try await TestCertificate.withFiles { certificate, key in
      let configuration = AblyService.ServerConfiguration(
        port: 0, tls: .init(certificatePath: certificate, keyPath: key))
      try await withAblyServer(core: desk.core, configuration: configuration) { address in
        try await WebSocketClient.open(address, "/?v=6&key=\(desk.root.key.revealed())") { socket in
          let message = try await socket.message()
          #expect(message?.action == .connected)
        }
      }
    }
  }

  @Test("on shutdown clients are told with 1001 and the server ends")
  func shutdown() async throws {
    let desk = try Desk()
    let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = try AblyServer(
      core: desk.core, configuration: AblyService.ServerConfiguration(port: 0),
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) { announced.yield($0) }
    let services = ServiceGroup(
      services: [server], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await services.run() }
      let address = try #require(await addresses.first { _ in true })
      try await WebSocketClient.open(address, "/?v=6&key=\(desk.root.key.revealed())") { socket in
        #expect(try await socket.message()?.action == .connected)
        await services.triggerGracefulShutdown()
        let frame = try #require(try await socket.next())
        #expect(frame.opcode == .connectionClose)
        var data = frame.unmaskedData
        #expect(data.readWebSocketErrorCode() == .goingAway)
        // Where this takes too long, the server has hung up by now.
        try? await socket.send(.connectionClose, [0x03, 0xE9])
      }
      try await tasks.waitForAll()
    }
  }

  @Test("a handshake for another path is a request like any other")
  func otherPath() async throws {
    try await LoopbackDesk.open { loopback in
      let answer = try await loopback.send(
        "GET", "/elsewhere",
        headers: [
          "upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13",
          "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ])
      #expect(answer.status == 404)
    }
  }
}
