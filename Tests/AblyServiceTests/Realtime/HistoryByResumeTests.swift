internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// What a client that was away is sent must be what it would have been sent had it been there.
@Suite struct HistoryByResumeTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func key(of client: RealtimeDesk) -> String {
    desk.core.realtime.perform { $0.session(over: client.connection.transport)?.key.text.text ?? "" }
  }

  private func publish(_ data: String, to channel: String = "a") async {
    _ = await desk.publish(["data": .string(data)], to: channel, as: basic(desk.root))
  }

  private func token(_ operations: Set<Capability.Operation>) async throws -> TokenDetails {
    try await desk.token(of: desk.root, TokenParams(capability: ["a": operations]))
  }

  private func resume(_ client: RealtimeDesk, with token: TokenDetails) async throws -> RealtimeDesk {
    let key = key(of: client)
    client.connection.end()
    let next = await desk.dial(
      "accessToken=\(token.token)&resume=\(PercentEncoding.component(key))")
    try #require(await next.frames().first?.error == nil)
    return next
  }

  /// A serial from before everything, by what a client can read in CONNECTED.
  private var oldest: String {
    let serverId = desk.core.realtime.perform(\.serverId)
    return "00000000000000-000@\(serverId):000"
  }

  private func expectNothing(_ frames: [ProtocolMessage]) {
    #expect(frames.first?.action == .attached)
    #expect(frames.first?.flags.contains(.resumed) == false)
    #expect(frames.first?.error?.code == .channelContinuityLost)
    #expect(frames.flatMap(\.messages) == [])
  }

  @Test("a made-up serial gives no history, on a channel that was never attached")
  func neverAttached() async throws {
    await publish("secret")
    let token = try await token([.subscribe])
    #expect(await desk.history("a", as: bearer(token.token)).refusal == Refusal(401, 40160))
    let second = try await resume(try await desk.connect(token), with: token)
    expectNothing(await second.attach("a", serial: oldest))
    // And from then on it is a channel like any other.
    await publish("public")
    #expect(await second.frames().flatMap(\.messages).map(\.data) == ["public"])
  }

  @Test("nor on one that was attached later than that, or detached")
  func attachedLater() async throws {
    await publish("secret")
    let token = try await token([.subscribe])
    let first = try await desk.connect(token)
    let serial = try #require(await first.attach("a").first?.channelSerial)
    let second = try await resume(first, with: token)
    expectNothing(await second.attach("a", serial: oldest))
    let third = try await resume(second, with: token)
    await third.send(["action": 12, "channel": "a"])
    _ = await third.frames()
    await publish("meanwhile")
    expectNothing(await third.attach("a", serial: serial))
  }

  @Test("what was published before a client might subscribe stays unsaid when it may")
  func publisherOnly() async throws {
    let publisher = try await token([.publish])
    let first = try await desk.connect(publisher)
    let serial = try #require(await first.attach("a").first?.channelSerial)
    await publish("secret")
    let both = try await token([.publish, .subscribe])
    let second = try await resume(first, with: both)
    expectNothing(await second.attach("a", serial: serial))
    // The same where it may from a re-authentication on.
    let third = try await desk.connect(publisher)
    _ = await third.attach("a")
    await publish("secret")
    await third.send(["action": 17, "auth": ["accessToken": .string(both.token)]])
    let granted = await third.frames().last
    #expect(granted?.flags.contains(.messageSubscribe) == true)
    await publish("public")
    let fourth = try await resume(third, with: both)
    let frames = await fourth.attach("a", serial: granted?.channelSerial)
    #expect(frames.flatMap(\.messages).map(\.data) == ["public"])
    let fifth = try await resume(fourth, with: both)
    expectNothing(await fifth.attach("a", serial: serial))
  }

  @Test("RTL4j, RTN15c6: who was given messages from before by rewind goes on after the last of them")
  func rewound() async throws {
    await publish("one")
    await publish("two")
    let first = try await desk.connect()
    await first.send(["action": 10, "channel": "a", "params": ["rewind": "2"]])
    let serial = try #require(await first.frames().last?.channelSerial)
    let key = key(of: first)
    first.connection.end()
    await publish("three")
    let second = await desk.dial(
      "key=\(desk.root.key.revealed())&resume=\(PercentEncoding.component(key))")
    _ = await second.frames()
    let frames = await second.attach("a", serial: serial)
    #expect(frames.first?.flags.contains(.resumed) == true)
    #expect(frames.flatMap(\.messages).map(\.data) == ["three"])
  }
}
