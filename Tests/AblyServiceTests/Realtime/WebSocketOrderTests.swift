internal import AblyTokens
internal import AblyWire
internal import NIOCore
internal import NIOPosix
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// What comes and goes on one socket keeps its order, whatever has to be waited for in between.
@Suite(.endsAtLast) struct WebSocketOrderTests {
  private func open(
    _ query: (Desk) async throws -> String = { "key=\($0.root.key.revealed())" },
    _ body: (LoopbackDesk, inout WebSocketClient.Socket) async throws -> Void
  ) async throws {
    try await LoopbackDesk.open { loopback in
      let query = try await query(loopback.desk)
      try await WebSocketClient.open(loopback.address, "/?v=6&\(query)") { socket in
        #expect(try await socket.message()?.action == .connected)
        try await body(loopback, &socket)
      }
    }
  }

  /// A text frame under a mask of zeros.
  private func frame(_ json: JSONValue) -> [UInt8] {
    let bytes = json.utf8
    let long = [0xFE, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)]
    let length: [UInt8] = bytes.count < 126 ? [0x80 | UInt8(bytes.count)] : long
    return [0x81] + length + [0, 0, 0, 0] + bytes
  }

  private func handshake(_ desk: Desk) -> [UInt8] {
    Array(
      ("GET /?v=6&key=\(desk.root.key.revealed()) HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8)
  }

  private static let count = 50

  /// Frames that publish the numbers up to ``count``.
  private func publishes() -> [UInt8] {
    (0..<Self.count).flatMap { index in
      frame([
        "action": 15, "channel": "a", "msgSerial": .number(JSONNumber(index)),
        "messages": [["data": .string(String(index))]],
      ])
    }
  }

  private func history(_ loopback: LoopbackDesk) async -> [String?] {
    let answer = await loopback.desk.history("a", "?limit=1000&direction=forwards")
    return answer.body.array?.map { $0["data"]?.string } ?? []
  }

  private static let all = (0..<count).map { String($0) as String? }

  @Test(
    "frames that come with the handshake, before CONNECTED, wait for it and are taken in their order, also on a connection that was used for requests",
    arguments: [[], ["/time"], ["/time", "/channels/a"], ["/channels/a", "/time", "/time"]])
  func early(before: [String]) async throws {
    try await LoopbackDesk.open { loopback in
      try await RawConnection.open(loopback.address) { connection in
        let end: [UInt8] = [0x88, 0x80, 0, 0, 0, 0]
        let requests = before.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
        try await connection.send(
          Array(requests.utf8) + handshake(loopback.desk) + publishes() + frame(["action": 7]) + end)
        let text = try await connection.rest()
        let statuses = text.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.output.1) }
        #expect(statuses == before.map { $0 == "/time" ? "200" : "401" } + ["101"])
        let counts = text.matches(of: /"count":([0-9]+)/).map { Int($0.output.1) ?? 0 }
        #expect(counts.reduce(0, +) == Self.count)
        let places = [#""action":4"#, #""action":1,"#, #""action":8"#].map {
          text.firstRange(of: $0)?.lowerBound
        }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
      }
      #expect(await history(loopback) == Self.all)
    }
  }

  @Test("frames of a client that then closes its half of the socket are taken, also those after an AUTH")
  func halfClosed() async throws {
    try await LoopbackDesk.open { loopback in
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(to: .local(port: loopback.address.port, host: loopback.address.host)).get()
      try await channel.writeAndFlush(ByteBuffer(bytes: handshake(loopback.desk)))
      try await until(!loopback.desk.core.realtime.perform { $0.owners.isEmpty })
      let token = try await loopback.desk.token(of: loopback.desk.root).token
      let auth = frame(["action": 17, "auth": ["accessToken": .string(token)]])
      try await channel.writeAndFlush(ByteBuffer(bytes: auth + publishes()))
      try await channel.close(mode: .output)
      try await until(await history(loopback).count >= Self.count)
      #expect(await history(loopback) == Self.all)
      try await until(loopback.desk.core.metrics.counts.sockets == 0)
      try? await channel.close()
    }
  }

  @Test("RTC8: what follows an AUTH at once is measured by the new token, frame by frame")
  func auth() async throws {
    let narrow = TokenParams(capability: ["a": [.subscribe]])
    try await open {
      "accessToken=\(try await $0.token(of: $0.root, narrow).token)"
    } _: { loopback, socket in
      let desk = loopback.desk
      let wide = try await desk.token(of: desk.root, TokenParams(capability: ["*": [.all]])).token
      let small = try await desk.token(of: desk.root, narrow).token
      for _ in 0..<20 {
        for token in [wide, small] {
          try await socket.send(["action": 17, "auth": ["accessToken": .string(token)]])
          try await socket.send(["action": 10, "channel": "b"])
        }
        #expect(try await socket.message()?.action == .connected)
        let attached = try await socket.message()
        #expect(attached?.action == .attached)
        #expect(try await socket.message()?.action == .connected)
        // The channel that was attached, and the one that is asked for again.
        for _ in 0..<2 {
          let refused = try await socket.message()
          #expect(refused?.action == .error)
          #expect(refused?.channel == "b")
        }
      }
    }
  }

  @Test("a frame that a fault rule holds up, either way, holds up what comes after it")
  func delayed() async throws {
    try await open { loopback, socket in
      let core = loopback.desk.core
      core.enableAdministration()
      let rules: JSONValue = [
        "rules": [
          [
            "match": ["type": "ws_frame_to_client", "action": "ATTACHED"],
            "action": ["type": "delay", "delayMs": 100],
          ],
          [
            "match": ["type": "ws_frame_to_server", "action": "DETACH"],
            "action": ["type": "delay", "delayMs": 100],
          ],
        ]
      ]
      #expect(await loopback.desk.send("POST", "/admin/faults", rules).status == 201)
      for name in ["one", "two"] {
        try await socket.send(["action": 10, "channel": .string(name)])
        try await socket.send(["action": 0, "id": .string(name)])
        try await socket.send(["action": 12, "channel": .string(name)])
        try await socket.send(["action": 0, "id": .string("after \(name)")])
      }
      for name in ["one", "two"] {
        #expect(try await socket.message()?.action == .attached)
        #expect(try await socket.message()?.id == name)
        #expect(try await socket.message()?.action == .detached)
        #expect(try await socket.message()?.id == "after \(name)")
      }
    }
  }

  @Test("a server that is cancelled takes its sockets away, whether their clients read or not")
  func cancelled() async throws {
    let desk = try Desk()
    let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
    let server = Task {
      try await withAblyServer(core: desk.core) { address in
        announced.yield(address)
        var never = AsyncStream<Void> { _ in }.makeAsyncIterator()
        await never.next()
      }
    }
    let address = try #require(await addresses.first { _ in true })
    try await WebSocketClient.open(address, "/?v=6&key=\(desk.root.key.revealed())") { socket in
      let first = try await socket.message()
      #expect(first?.action == .connected)
      server.cancel()
      while let frame = try? await socket.next() { _ = frame }
    }
    _ = try? await server.value
    #expect(desk.core.metrics.counts.connections == 0)
    #expect(desk.core.realtime.perform { $0.owners.isEmpty })
  }
}
