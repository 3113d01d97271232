internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("A client, and bytes that no service sends", .endsAtLast)
struct MutatedFramesTests {
  @Test(
    "RTF1, 80013: encoded frames with faults in their bytes, read by a client, end sockets at the worst",
    arguments: 1...6, WireFormat.allCases)
  func mutated(seed: Int, format: WireFormat) async throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let desk = TokenDesk()
    try await Stage.run({
      $0.key = nil
      $0.authCallback = desk.callback
      $0.useBinaryProtocol = format == .messagePack
      $0.fallbackHosts = []
    }) { stage in
      _ = stage.client.channels["news"].subscribe()
      var socket = try await stage.nextConnection()
      var ended = 0
      for _ in 0..<200 {
        guard let frame = HostileFramesTests.frames.randomElement(using: &random) else { continue }
        let bytes = Self.faulty(format.encode(frame), &random)
        socket.happen(.frame(RealtimeFrame(isText: format == .json, bytes: bytes)))
        let next = try await Self.connection(of: stage, after: socket)
        if next !== socket { ended += 1 }
        socket = next
      }
      #expect((20..<190).contains(ended), "some bytes are read, and some are not: \(ended)")
      #expect(stage.transport.sockets.filter { !$0.isClosed }.count == 1)
      try await Self.works(stage, socket)
    }
  }

  /// Bytes with a slip in them: flipped, written over, left out, put in, cut off.
  private static func faulty(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    guard let place = bytes.indices.randomElement(using: &random) else { return bytes }
    let end = min(place + Int.random(in: 1...8, using: &random), bytes.count)
    switch Int.random(in: 0..<12, using: &random) {
    // The last bit alone: a digit stays one, a letter a letter, and so most of these are read.
    case 0...6: bytes[place] ^= 1
    case 7: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 8: bytes.removeSubrange(place..<end)
    case 9: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 10: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
    default: bytes.removeSubrange(place...)
    }
    return bytes
  }

  /// The socket that the client is connected on, once it is again.
  private static func connection(
    of stage: Stage, after socket: InMemoryRealtimeSocket
  ) async throws -> InMemoryRealtimeSocket {
    var socket = socket
    while stage.connection.state != .connected || socket.isClosed {
      switch stage.connection.state {
      case .connected, .connecting:
        socket = try await stage.nextSocket()
        socket.connected()
      case .disconnected, .suspended:
        stage.clock.advance(by: .seconds(31))
        await Task.yield()
      case .initialized, .closing, .closed, .failed: stage.client.connect()
      }
    }
    return socket
  }

  /// The client pings and attaches as ever.
  private static func works(_ stage: Stage, _ socket: InMemoryRealtimeSocket) async throws {
    let isAnswered = Task { try await stage.connection.ping() }
    while let frame = try await socket.next() {
      guard frame["action"] == 0, let id = frame["id"] else { continue }
      socket.deliver(["action": 0, "id": id])
      break
    }
    _ = try await isAnswered.value
    let channel = stage.client.channels["another"]
    let isAttached = Task { try await channel.attach() }
    while let frame = try await socket.next() {
      guard frame["action"] == 10, frame["channel"] == "another" else { continue }
      socket.deliver(["action": 11, "channel": "another", "flags": 0])
      break
    }
    try await isAttached.value
    #expect(channel.state == .attached)
  }
}
