internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct ReauthTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func authenticate(_ client: RealtimeDesk, _ token: TokenDetails) async {
    await client.send(["action": 17, "auth": ["accessToken": .string(token.token)]])
  }

  @Test("RTC8a: a token in an AUTH is answered with CONNECTED and the same connection, whose channels stay")
  func inPlace() async throws {
    let client = try await desk.connect(try await desk.token(of: desk.root))
    _ = await client.attach("a")
    let id = client.id
    await authenticate(client, try await desk.token(of: desk.root, TokenParams(clientId: "bob")))
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.connected])
    #expect(frames.first?.connectionId == id)
    #expect(frames.first?.connectionDetails?.clientId == "bob")
    await client.publish(["data": "x"], to: "a")
    #expect(await client.frames().last?.messages.first?.clientId == "bob")
  }

  @Test("RTC8a1: exactly the channels that the new capability does not cover get ERROR 40160")
  func downgrade() async throws {
    let client = try await desk.connect()
    for channel in ["a", "b", "c"] { _ = await client.attach(channel) }
    await authenticate(
      client, try await desk.token(of: desk.root, TokenParams(capability: ["a": [.all], "c": [.subscribe]])))
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.connected, .error, .attached])
    #expect(frames[1].channel == "b")
    #expect(frames[1].error?.code == .capabilityDenied)
    // The one that lost some of its modes stays and is told which it has.
    #expect(frames[2].channel == "c")
    #expect(frames[2].flags == [.messageSubscribe, .presenceSubscribe, .resumed])
    for channel in ["a", "b", "c"] {
      _ = await desk.publish(["data": "x"], to: channel, as: basic(desk.root))
    }
    #expect(await client.frames().map(\.channel) == ["a", "c"])
    // And gets them back with a capability that has them.
    await authenticate(client, try await desk.token(of: desk.root))
    #expect(await client.frames().map(\.action) == [.connected, .attached])
  }

  @Test("RTC8a: credentials that the connection cannot go on with end it", arguments: ["eve", nil])
  func incompatible(clientId: String?) async throws {
    let client = try await desk.connect(try await desk.token(of: desk.root, TokenParams(clientId: "bob")))
    await authenticate(client, try await desk.token(of: desk.root, TokenParams(clientId: clientId)))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40102))
    #expect(desk.core.realtime.perform { $0.sessions.count } == 0)
  }

  @Test("RTC8a: the token of another app ends the connection")
  func otherApp() async throws {
    let client = try await desk.connect()
    await authenticate(client, try await desk.token(of: desk.stranger))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40102))
  }

  @Test("RTC8a: a token that is no good ends in DISCONNECTED, and the connection can be taken up again")
  func badToken() async throws {
    let client = try await desk.connect()
    await client.send(["action": 17, "auth": ["accessToken": "nonsense"]])
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40145))
    #expect(desk.core.realtime.perform { $0.sessions.count } == 1)
  }

  @Test(
    "RTN22: a client is asked for another token 30 s before the end of its own, to the millisecond",
    arguments: [Int64(35_000), 3_600_000])
  func warning(ttl: Int64) async throws {
    let client = try await desk.connect(
      try await desk.token(of: desk.root, TokenParams(ttl: .milliseconds(ttl))))
    desk.advance(to: ttl - 30_001)
    #expect(await client.frames() == [])
    desk.advance(to: ttl - 30_000)
    #expect(await client.frames().map(\.action) == [.auth])
    desk.advance(to: ttl - 1)
    #expect(await client.frames() == [])
    desk.advance(to: ttl)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40142))
  }

  @Test("RTN22: a token of 30 s or less is not warned about: its successor would be as short")
  func noWarning() async throws {
    let client = try await desk.connect(
      try await desk.token(of: desk.root, TokenParams(ttl: .seconds(30))))
    desk.advance(to: 29_999)
    #expect(await client.frames() == [])
    desk.advance(to: 30_000)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40142))
  }

  @Test("RTN22: a new token moves the warning and the end")
  func renewed() async throws {
    let client = try await desk.connect(
      try await desk.token(of: desk.root, TokenParams(ttl: .seconds(35))))
    desk.advance(to: 5000)
    #expect(await client.frames().map(\.action) == [.auth])
    await authenticate(client, try await desk.token(of: desk.root, TokenParams(ttl: .seconds(60))))
    #expect(await client.frames().map(\.action) == [.connected])
    desk.advance(to: 34_999)
    #expect(await client.outputs() == [.ping])
    desk.advance(to: 35_000)
    #expect(await client.frames().map(\.action) == [.auth])
    desk.advance(to: 65_000)
    #expect(await client.refusal() == RealtimeRefusal(.disconnected, 40142))
  }
}
