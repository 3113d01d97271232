internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct RealtimeLimitTests {
  private static let far = ServiceRequest.Peer(isLoopback: false, isSecure: true)

  private func desk(_ change: (inout RealtimeLimits) -> Void) throws -> Desk {
    var limits = RealtimeLimits()
    change(&limits)
    return try Desk(limits: limits)
  }

  /// A heartbeat with so many levels in it.
  private func frame(_ depth: Int, _ format: WireFormat) -> [UInt8] {
    let inner = depth - 1
    if format == .json {
      let arrays = String(repeating: "[", count: inner) + String(repeating: "]", count: inner)
      return Array(#"{"action":0,"id":"deep","x":\#(arrays)}"#.utf8)
    }
    var bytes: [UInt8] = [0x83, 0xA6] + Array("action".utf8)
    bytes += [0x00, 0xA2] + Array("id".utf8)
    bytes += [0xA4] + Array("deep".utf8)
    bytes += [0xA1] + Array("x".utf8)
    bytes += [UInt8](repeating: 0x91, count: inner - 1)
    return bytes + [0x90]
  }

  @Test(
    "the depth of frames is limited to 64, or what was configured, in both formats",
    arguments: WireFormat.allCases)
  func depth(format: WireFormat) async throws {
    let query = format == .json ? "format=json" : "format=msgpack"
    for (desk, limit) in [(try Desk(), 64), (try desk { $0.depth = 8 }, 8)] {
      let client = try await desk.connect(nil, query)
      await client.connection.receive(frame(limit, format))
      #expect(await client.frames().map(\.id) == ["deep"])
      await client.connection.receive(frame(limit + 1, format))
      #expect(await client.refusal() == RealtimeRefusal(.error, 40000))
    }
  }

  @Test("CD2d: the size of frames is the one that was configured, and CONNECTED says it")
  func size() async throws {
    let desk = try desk { $0.frameBytes = 200 }
    let client = await desk.dial("key=\(desk.root.key.revealed())")
    #expect(await client.frames().first?.connectionDetails?.maxFrameSize == 200)
    await client.connection.receive(Array(repeating: 0x20, count: 180) + Array(#"{"action":0,"id":1}"#.utf8))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40000), "it was read")
    let other = try await desk.connect()
    await other.connection.receive(Array(repeating: 0x20, count: 201))
    #expect(await other.refusal() == RealtimeRefusal(.error, 40009))
  }

  @Test("the number of channels is the one that was configured")
  func channels() async throws {
    let client = try await desk { $0.channels = 2 }.connect()
    _ = await client.attach("a")
    _ = await client.attach("b")
    #expect(await client.attach("c").first?.error?.code == .tooManyChannels)
  }

  private func storm(_ desk: Desk, _ peer: ServiceRequest.Peer, count: Int) async throws -> RealtimeDesk {
    let token = try await desk.token(of: desk.root).token
    let connection = await desk.core.connect(
      ServiceRequest("GET", "/?v=6&accessToken=\(token)", peer: peer))
    let client = RealtimeDesk(desk: desk, connection: connection)
    #expect(await client.frames().map(\.action) == [.connected])
    for _ in 0..<count { await client.send(["action": 17, "auth": ["accessToken": .string(token)]]) }
    return client
  }

  @Test("RTC8: a client that shows credentials without end is cut off after 30 in 10 s, and not before")
  func reauthentications() async throws {
    let desk = try Desk()
    let client = try await storm(desk, Self.far, count: 30)
    #expect(await client.frames().map(\.action) == Array(repeating: .connected, count: 30))
    desk.advance(to: 10_000)
    let token = try await desk.token(of: desk.root).token
    for _ in 0..<30 { await client.send(["action": 17, "auth": ["accessToken": .string(token)]]) }
    #expect(await client.frames().count == 30)
    await client.send(["action": 17, "auth": ["accessToken": .string(token)]])
    #expect(await client.refusal() == RealtimeRefusal(.error, 42924))
  }

  @Test("RTC8: on this machine, where tests swap tokens, that holds only for a number that was given")
  func reauthenticationsHere() async throws {
    let here = ServiceRequest.Peer(isLoopback: true, isSecure: false)
    let client = try await storm(Desk(), here, count: 200)
    #expect(await client.frames().map(\.action) == Array(repeating: .connected, count: 200))
    let strict = try desk {
      $0.reauthentications = 3
      $0.countsLoopback = true
    }
    #expect(try await storm(strict, here, count: 4).refusal() == RealtimeRefusal(.error, 42924))
  }

  private static let limits: [@Sendable (inout RealtimeLimits, Int) -> Void] = [
    { $0.frameBytes = $1 }, { $0.depth = $1 }, { $0.channels = $1 }, { $0.reauthentications = $1 },
  ]

  @Test("a limit that would let nobody in is refused with 40003", arguments: limits.indices)
  func refused(index: Int) throws {
    for value in [0, -1, Int.max] {
      let error = #expect(throws: ErrorInfo.self) { _ = try desk { Self.limits[index](&$0, value) } }
      #expect(error?.code == .invalidParameterValue)
    }
    let deep = #expect(throws: ErrorInfo.self) { _ = try desk { $0.depth = 257 } }
    #expect(deep?.code == .invalidParameterValue)
  }
}
