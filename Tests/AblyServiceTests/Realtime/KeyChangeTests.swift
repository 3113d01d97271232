internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// Keys that change while somebody is connected by them.
@Suite struct KeyChangeTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func put(_ key: ServiceKey) {
    desk.core.take(.saved([StoredKey(key, origin: .given)]), at: desk.core.now)
  }

  @Test("a key that gets another secret ends connections by it, and by its tokens so that another one helps")
  func replaced() async throws {
    let byKey = try await desk.connect(desk.chat)
    let byToken = try await desk.connect(try await desk.token(of: desk.chat))
    let other = try await desk.connect()
    put(try ServiceKey(APIKey("appOne.keyChat:another"), capabilityText: desk.chat.capabilityText))
    #expect(await byKey.refusal() == RealtimeRefusal(.error, 40400))
    #expect(await byToken.refusal() == RealtimeRefusal(.disconnected, 40143))
    #expect(await other.outputs() == [])
  }

  @Test("a key that may do less lets its connections do less at once")
  func narrowed() async throws {
    let client = try await desk.connect(try await desk.token(of: desk.chat))
    _ = await client.attach("chat:a")
    _ = await client.attach("news")
    put(try ServiceKey(desk.chat.key, capabilityText: #"{"news":["subscribe"]}"#))
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.error])
    #expect(frames.first?.channel == "chat:a")
    #expect(frames.first?.error?.code == .capabilityDenied)
    await client.publish(["data": "x"], to: "chat:a")
    #expect(await client.frames().first?.error?.code == .capabilityDenied)
  }

  @Test("an app that another node deleted while this one was cut off keeps no connection")
  func deletedElsewhere() async throws {
    let gone = try await desk.connect(desk.stranger)
    let stays = try await desk.connect()
    desk.core.take(.lost, at: desk.core.now)
    let keys = [desk.root, desk.chat, desk.revocable].map { StoredKey($0, origin: .given) }
    desk.core.take(.contents(StoreContents(keys: keys, revocations: [])), at: desk.core.now)
    #expect(await gone.refusal() == RealtimeRefusal(.error, 40400))
    #expect(await stays.outputs() == [])
  }

  @Test("RTN22: a revocation that is heard of twice asks its clients once")
  func twice() async throws {
    let client = try await desk.connect(
      try await desk.token(of: desk.revocable, TokenParams(clientId: "bob")))
    let now = desk.core.now
    let revocation = Revocation(
      keyName: desk.revocable.key.keyName, target: try RevocationTarget("clientId:bob"),
      issuedBefore: now + 1, appliesAt: now + 30_000)
    for _ in 0..<2 { desk.core.take(.revoked([revocation]), at: now) }
    #expect(await client.frames().map(\.action) == [.auth])
  }
}
