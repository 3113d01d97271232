internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// `ably.limits.publish.perAttachment.maxRate`, through connections.
@Suite struct PublishRateTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func connect(_ rates: [String: Int]) async throws -> RealtimeDesk {
    let claims = AblyJWT.Claims(ttl: .seconds(600), publishRates: rates, issuedAt: desk.clock.date)
    let token = try AblyJWTSigner(key: desk.root.key).mint(claims).token
    let client = await desk.dial("accessToken=\(token)")
    try #require(await client.frames().map(\.action) == [.connected])
    return client
  }

  /// What becomes of so many publishes of one message.
  private func publish(
    _ count: Int, by client: RealtimeDesk, to channel: String = "chat:lobby", from serial: Int
  ) async -> [ProtocolAction] {
    for index in 0..<count { await client.publish(["data": "x"], to: channel, serial: serial + index) }
    let frames = await client.frames().filter { [.ack, .nack].contains($0.action) }
    for frame in frames where frame.action == .nack {
      #expect(frame.error?.code == .connectionPublishRateExceeded)
      #expect(frame.error?.statusCode == 429)
    }
    return frames.map(\.action)
  }

  private static let four: [ProtocolAction] = [.ack, .ack, .ack, .nack]

  @Test(
    "of what goes out in a second as many pass as the token allows, attached or not",
    arguments: [true, false])
  func rate(attached: Bool) async throws {
    let client = try await connect(["chat:*": 3])
    if attached { _ = await client.attach("chat:lobby") }
    #expect(await publish(4, by: client, from: 0) == Self.four)
    desk.advance(to: 999)
    #expect(await publish(1, by: client, from: 10) == [.nack])
    desk.advance(to: 1000)
    #expect(await publish(4, by: client, from: 20) == Self.four)
    #expect(await publish(4, by: client, to: "chat:other", from: 30) == Self.four)
    #expect(await publish(9, by: client, to: "news", from: 40) == Array(repeating: .ack, count: 9))
    #expect(await desk.history().body.array?.count == 6)
  }

  @Test("attaching again, or taking the connection up again, begins no new second")
  func again() async throws {
    let client = try await connect(["chat:*": 3])
    _ = await client.attach("chat:lobby")
    #expect(await publish(4, by: client, from: 0) == Self.four)
    await client.send(["action": 12, "channel": "chat:lobby"])
    _ = await client.attach("chat:lobby")
    #expect(await publish(1, by: client, from: 10) == [.nack])
    let id = client.id
    let key = desk.core.realtime.perform { $0.sessions[id]?.key.text.text ?? "" }
    client.connection.end()
    let claims = AblyJWT.Claims(
      ttl: .seconds(600), publishRates: ["chat:*": 3], issuedAt: desk.clock.date)
    let token = try AblyJWTSigner(key: desk.root.key).mint(claims).token
    let next = await desk.dial("accessToken=\(token)&resume=\(PercentEncoding.component(key))")
    #expect(await next.frames().first?.connectionId == id)
    #expect(await publish(1, by: next, from: 20) == [.nack])
    desk.advance(to: 1000)
    #expect(await publish(4, by: next, from: 30) == Self.four)
  }

  @Test("what is remembered of seconds that are over goes")
  func bounded() throws {
    var allowances = PublishAllowances()
    for index in 0..<10_000 {
      let isAllowed = allowances.take(1, on: try ChannelName("c\(index)"), at: Int64(index) * 10, rate: 1)
      #expect(isAllowed)
    }
    #expect(allowances.count <= 300)
  }
}
