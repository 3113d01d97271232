internal import AblyTokens
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Clients that ask and do not read what comes, over real sockets. No test waits for a time: each waits until the
/// service has done without the client.
@Suite(.endsAtLast) struct SlowReaderTests {
  /// More than the buffers of two sockets take, less than what is kept for one connection.
  private static let flood = 110
  private static let data = JSONValue.string(String(repeating: "x", count: 65_000))

  /// A client that sends, and reads nothing ever.
  private func withDeafClient(
    _ address: BoundAddress, _ parts: [[UInt8]], _ body: () async throws -> Void
  ) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false)
      .channelOption(.socketOption(.so_rcvbuf), value: 4096)
      .connect(to: .local(port: address.port, host: address.host)).get()
    do {
      for part in parts { try await channel.writeAndFlush(ByteBuffer(bytes: part)) }
      try await body()
    } catch {
      try? await channel.close()
      throw error
    }
    try? await channel.close()
  }

  private func upgrade(_ desk: Desk) -> [UInt8] {
    Array(
      """
      GET /?v=6&key=\(desk.root.key.revealed()) HTTP/1.1\r
      Host: h\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r

      """.utf8)
  }

  /// A text frame under a mask of zeros.
  private func frame(_ json: JSONValue) -> [UInt8] {
    let bytes = json.utf8
    return [0x81, 0x80 | UInt8(bytes.count), 0, 0, 0, 0] + bytes
  }

  private func attach(_ desk: Desk) -> [[UInt8]] {
    [upgrade(desk), frame(["action": 10, "channel": "a"])]
  }

  private func waitForAttachment(_ desk: Desk) async throws {
    try await until(!desk.core.realtime.perform { $0.rooms.isEmpty })
  }

  private func flood(_ desk: Desk) throws {
    let draft = try MessageDraft(["data": Self.data])
    let address = ChannelAddress(appId: "appOne", name: try ChannelName("a"))
    let now = desk.core.now
    for index in 0..<Self.flood {
      let serials = desk.core.realtime.perform {
        $0.publish([draft], to: address, by: "flood", base: "flood\(index)", now: now)
      }
      #expect(serials.count == 1)
    }
  }

  /// A server with a client that has attached, and does not read what is published then.
  private func withDeafReader(
    _ desk: Desk, _ configuration: ServerConfiguration, _ body: () async throws -> Void
  ) async throws {
    try await withAblyServer(core: desk.core, configuration: configuration) { address in
      try await withDeafClient(address, attach(desk)) {
        try await waitForAttachment(desk)
        try flood(desk)
        try await body()
      }
    }
  }

  @Test("the service ends although a realtime client reads neither what was published nor the farewell")
  func shutdown() async throws {
    let desk = try Desk()
    let (addresses, announced) = AsyncStream.makeStream(of: BoundAddress.self)
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.closingTime = .milliseconds(50)
    let server = try AblyServer(core: desk.core, configuration: configuration, logger: .silent) {
      announced.yield($0)
    }
    let group = ServiceGroup(services: [server], logger: .silent)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let address = try #require(await addresses.first { _ in true })
      try await withDeafClient(address, attach(desk)) {
        try await waitForAttachment(desk)
        try flood(desk)
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
      }
    }
  }

  @Test("a client whose token was revoked loses its socket although it does not read that")
  func revoked() async throws {
    let desk = try Desk()
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.closingTime = .milliseconds(50)
    try await withDeafReader(desk, configuration) {
      let now = desk.core.now
      desk.core.realtime.perform { hub in
        for id in hub.sessions.keys { hub.disconnect(id, RealtimeHub.revoked, now: now) }
      }
      try await until(desk.core.metrics.counts.sockets == 0)
    }
  }

  @Test("a realtime client that takes nothing for too long is cut")
  func realtime() async throws {
    let desk = try Desk()
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.writeTimeout = .milliseconds(50)
    try await withDeafReader(desk, configuration) {
      try await until(desk.core.metrics.counts.connections == 0)
    }
  }

  @Test(
    "an answer that is read late is whole, although its connection ends, or would count as idle",
    arguments: [true, false])
  func late(isLast: Bool) async throws {
    let desk = try Desk()
    // More than the sockets of this machine take.
    let text = String(repeating: "x", count: 16 << 20)
    desk.core.serve { request in
      guard request.path == "/flood" else { return nil }
      var response = ServiceResponse(200, .null)
      response.text = (text, "text/plain")
      return response
    }
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.closingTime = .milliseconds(5)
    configuration.idleTimeout = .milliseconds(5)
    // However long the others take.
    configuration.limits.writeTimeout = .seconds(3600)
    configuration.limits.responseTimeout = .seconds(3600)
    try await withAblyServer(core: desk.core, configuration: configuration) { address in
      try await RawConnection.open(address) { late in
        try await late.send(
          "GET /flood HTTP/1.1\r\nHost: h\r\n"
            + (isLast ? "Connection: close\r\n\r\n" : "\r\n"))
        // Longer than any of the two.
        for _ in 0..<200 {
          try await RawConnection.open(address) { other in
            try await other.send("GET /time HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await other.answer()
          }
        }
        #expect(try await late.answer().utf8.count > text.utf8.count)
      }
    }
  }

  @Test("a client that asks for pages and takes nothing of the answer is cut")
  func answer() async throws {
    let desk = try Desk()
    try flood(desk)
    let credentials = basic(desk.root)["authorization"] ?? ""
    let request = Array(
      "GET /channels/a/messages?limit=1000 HTTP/1.1\r\nHost: h\r\nAuthorization: \(credentials)\r\n\r\n".utf8)
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.writeTimeout = .milliseconds(50)
    configuration.idleTimeout = .seconds(3600)
    try await withAblyServer(core: desk.core, configuration: configuration) { address in
      try await withDeafClient(address, [request]) {
        try await until(!desk.core.metrics.counts.answers.isEmpty)
        try await until(desk.core.metrics.counts.sockets == 0)
      }
    }
  }

  @Test("of two looks the second finds nothing taken, or finds a reader that is slow")
  func progress() {
    var progress = WriteProgress(pause: .seconds(30))
    progress.add(100)
    #expect(progress.begin(waiting: 0, at: Self.second(0)) == .isDone)
    #expect(progress.begin(waiting: 60, at: Self.second(0)) == .goesOn(Self.second(30)))
    // What is given to it, what waits at the next look, and when that is.
    let looks = [(0, 59, 30), (10, 68, 60), (10, 78, 90), (0, 0, 120)]
    let verdicts = looks.map { given, waiting, second in
      progress.add(given)
      return progress.look(waiting: waiting, at: Self.second(second))
    }
    #expect(verdicts == [.goesOn(Self.second(60)), .goesOn(Self.second(90)), .isTooSlow, .isDone])
  }

  @Test("who reads slowly has so long for one answer, and as long again for what came after it")
  func wholeAnswers() {
    var progress = WriteProgress(pause: .seconds(30), whole: .seconds(50))
    progress.add(100)
    #expect(progress.begin(waiting: 100, at: Self.second(0)) == .goesOn(Self.second(30)))
    progress.add(100)
    // Of the first 100 bytes 50, then all and some of the next; of those never the last.
    let looks = [(150, 30), (90, 49), (50, 78), (1, 99)]
    let verdicts = looks.map { progress.look(waiting: $0, at: Self.second($1)) }
    #expect(
      verdicts == [
        .goesOn(Self.second(50)), .goesOn(Self.second(79)), .goesOn(Self.second(99)), .isTooSlow,
      ])
  }

  private static func second(_ number: Int) -> NIODeadline {
    .uptimeNanoseconds(UInt64(number) * 1_000_000_000)
  }
}
