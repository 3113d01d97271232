internal import AblyTokens
internal import AblyWire
internal import NIOCore
internal import NIOWebSocket
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Sockets of peers that do not mean well, or are gone. The server's limits are short where a test needs one to pass:
/// none waits for a time, each waits for the server to close.
@Suite(.serialized, .endsAtLast) struct WebSocketHostileTests {
  private static let short: Duration = .milliseconds(500)

  private func open(
    receiving bytes: Int? = nil, _ change: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (LoopbackDesk, inout WebSocketClient.Socket) async throws -> Void
  ) async throws {
    let desk = try Desk()
    var configuration = ServerConfiguration(port: 0)
    change(&configuration)
    try await withAblyServer(core: desk.core, configuration: configuration) { address in
      let uri = "/?v=6&key=\(desk.root.key.revealed())"
      try await WebSocketClient.open(address, uri, receiving: bytes) { socket in
        #expect(try await socket.message()?.action == .connected)
        try await body(LoopbackDesk(desk: desk, address: address), &socket)
      }
    }
  }

  /// Whether the server closes it; what it still says is read.
  private func ends(_ socket: inout WebSocketClient.Socket) async -> Bool {
    while true {
      do {
        guard try await socket.next() != nil else { return true }
      } catch { return true }
    }
  }

  /// Returns when the service has forgotten the socket, which it does after the client can see its end.
  private func isForgotten(_ loopback: LoopbackDesk) async {
    while loopback.desk.core.realtime.perform({ !$0.owners.isEmpty }) { _ = await isServed(loopback) }
  }

  /// Whether others are served meanwhile.
  private func isServed(_ loopback: LoopbackDesk) async -> Bool {
    (try? await loopback.send("GET", "/time"))?.status == 200
  }

  @Test("a frame that is nested without end is answered with ERROR 40000, and the socket closes")
  func deep() async throws {
    try await open { loopback, socket in
      try await socket.send(.text, Array(repeating: UInt8(ascii: "["), count: 100_000))
      let message = try await socket.message()
      #expect(message?.action == .error)
      #expect(message?.error?.code == .badRequest)
      #expect(await ends(&socket))
      #expect(await isServed(loopback))
    }
  }

  @Test("fragments that never end are given up after 64, and the socket closes")
  func fragments() async throws {
    try await open { loopback, socket in
      try? await socket.send(.text, [0x20], isLast: false)
      for _ in 0..<100 { try? await socket.send(.continuation, [0x20], isLast: false) }
      #expect(await ends(&socket))
      await isForgotten(loopback)
      #expect(await isServed(loopback))
    }
  }

  @Test("fragments that together are far too large close the socket before they end")
  func largeFragments() async throws {
    try await open { loopback, socket in
      try? await socket.send(.text, Array(repeating: 0x20, count: 500_000), isLast: false)
      for _ in 0..<4 {
        try? await socket.send(.continuation, Array(repeating: 0x20, count: 500_000), isLast: false)
      }
      #expect(await ends(&socket))
      #expect(await isServed(loopback))
    }
  }

  @Test(
    "fragments without a beginning, and a second message within another, close the socket",
    arguments: [true, false])
  func disorder(beginsWithin: Bool) async throws {
    try await open { loopback, socket in
      if beginsWithin {
        try? await socket.send(.text, [0x20], isLast: false)
        try? await socket.send(.text, Array(#"{"action":0}"#.utf8))
      } else {
        try? await socket.send(.continuation, [0x20])
      }
      #expect(await ends(&socket))
      #expect(await isServed(loopback))
    }
  }

  @Test("a frame that announces far too much is answered with the close code 1009 before it comes")
  func announced() async throws {
    try await openRaw { connection in
      try await connection.send([0x82, 0xFF, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0])
      // A close frame of two bytes: 1009.
      let end = try await connection.restOfBytes().suffix(4)
      #expect(Array(end) == [0x88, 0x02, 0x03, 0xF1])
    }
  }

  @Test("who does not read is closed all the same after the service's last word")
  func lastWord() async throws {
    try await open(receiving: 4096) {
      $0.limits.firstRequestTimeout = Self.short
    } _: { loopback, socket in
      let core = loopback.desk.core
      try await socket.send(["action": 10, "channel": "a"])
      #expect(try await socket.message()?.action == .attached)
      // From here on nothing is read; more waits than the kernel takes, less than the service cuts it for.
      let data = JSONValue.string(String(repeating: "x", count: 60_000))
      for _ in 0..<110 {
        _ = await loopback.desk.publish(["data": data], to: "a", as: basic(loopback.desk.root))
      }
      #expect(core.metrics.counts.sockets == 1)
      _ = await loopback.desk.send("DELETE", "/apps/appOne", headers: basic(loopback.desk.root))
      repeat {
        // Another one, that says nothing, is closed for that: so the time is not waited for here.
        _ = try? await RawConnection.open(loopback.address) { try await $0.rest() }
      } while core.metrics.counts.sockets > 0
    }
  }

  @Test("a flood of pings is answered one by one, and keeps nobody else waiting")
  func pings() async throws {
    try await open { loopback, socket in
      let count = 2000
      let outbound = socket.sender
      async let flood: Void = {
        for index in 0..<count { try await outbound.send(.ping, Array("\(index)".utf8)) }
      }()
      for index in 0..<count {
        let pong = try #require(try await socket.next())
        #expect(pong.opcode == .pong)
        #expect(Array(pong.unmaskedData.readableBytesView) == Array("\(index)".utf8))
      }
      try await flood
      try await socket.send(["action": 0, "id": "still"])
      #expect(try await socket.message()?.id == "still")
      #expect(await isServed(loopback))
    }
  }

  @Test("who sends thousands of pings and reads no pong keeps nobody else waiting")
  func unreadPongs() async throws {
    try await open { loopback, socket in
      let outbound = socket.sender
      let data = [UInt8](repeating: 0x20, count: 125)
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          for _ in 0..<5000 {
            guard (try? await outbound.send(.ping, data)) != nil else { return }
          }
        }
        for _ in 0..<10 { #expect(await isServed(loopback)) }
        tasks.cancelAll()
      }
    }
  }

  /// A socket below frames, to begin one that does not end.
  private func openRaw(_ body: (inout RawConnection) async throws -> Void) async throws {
    let desk = try Desk()
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.requestTimeout = Self.short
    try await withAblyServer(core: desk.core, configuration: configuration) { address in
      try await RawConnection.open(address) { connection in
        try await connection.send(
          "GET /?v=6&key=\(desk.root.key.revealed()) HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        #expect(try await connection.answer().hasPrefix("HTTP/1.1 101"))
        try await body(&connection)
      }
    }
  }

  @Test(
    "a frame whose end does not come, or whose fragments do not, is cut off",
    arguments: [
      [0x81], [0x81, 0xFE, 0x10], [0x81, 0x85, 0, 0, 0, 0, 0x20], [0x01, 0x81, 0, 0, 0, 0, 0x20],
    ] as [[UInt8]])
  func slowFrame(beginning: [UInt8]) async throws {
    try await openRaw { connection in
      try await connection.send(beginning)
      _ = try? await connection.rest()
    }
  }

  @Test("a frame that drips in steadily is cut off all the same")
  func drippingFrame() async throws {
    try await openRaw { connection in
      // A text of 65 535 bytes begins.
      try await connection.send([0x81, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0])
      // Until the server has had enough: writing then fails.
      try await until((try? await connection.send([0x20] as [UInt8])) == nil)
    }
  }

  @Test("a client that gives no sign of life is asked with a ping, and is gone when it does not answer")
  func silence() async throws {
    try await open {
      $0.limits.silenceTimeout = Self.short
    } _: { loopback, socket in
      let ping = try await socket.next()
      #expect(ping?.opcode == .ping)
      #expect(await ends(&socket))
      await isForgotten(loopback)
    }
  }

  @Test("a client that answers pings stays, however long it says nothing else")
  func patience() async throws {
    // A busy machine may miss so short a time once: then it is tried again, not waited for.
    for _ in 0..<20 {
      let isThere = (try? await answersPings()) ?? false
      if isThere { return }
    }
    Issue.record("no client stayed")
  }

  private func answersPings() async throws -> Bool {
    var isThere = false
    try await open {
      $0.limits.silenceTimeout = .seconds(2)
    } _: { _, socket in
      for _ in 0..<2 {
        let ping = try await socket.next()
        guard ping?.opcode == .ping else { return }
        try await socket.send(.pong, [])
      }
      try await socket.send(["action": 0, "id": "here"])
      isThere = try await socket.message()?.id == "here"
    }
    return isThere
  }
}
