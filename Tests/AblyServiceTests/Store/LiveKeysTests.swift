internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import Testing

@testable internal import AblyService

/// Live connections whose app or key is taken away or replaced, on this node or another.
@Suite struct LiveKeysTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func save(_ key: ServiceKey) {
    desk.core.take(.saved([StoredKey(key, origin: .given)]), at: Desk.start)
  }

  @Test("what an unchanged store tells again changes nothing")
  func unchanged() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    let keys = [desk.root, desk.chat, desk.revocable, desk.stranger]
    let contents = StoreContents(keys: keys.map { StoredKey($0, origin: .given) })
    desk.core.take(.contents(contents), at: Desk.start)
    #expect(await client.outputs() == [])
  }

  @Test("a key that is given less narrows those who are connected by it, or by a token of it")
  func narrower() async throws {
    let byKey = try await desk.connect()
    let byToken = try await desk.connect(try await desk.token(of: desk.root))
    for client in [byKey, byToken] { for channel in ["a", "b"] { _ = await client.attach(channel) } }
    save(try ServiceKey(desk.root.key, capabilityText: #"{"a":["subscribe"]}"#))
    for client in [byKey, byToken] {
      let told = await client.frames()
      #expect(told.map(\.action) == [.attached, .error])
      #expect(told.map(\.channel) == ["a", "b"])
      #expect(told.first?.flags.contains(.publish) == false)
      #expect(told.last?.error?.code == .capabilityDenied)
      await client.publish(["data": "x"], to: "a")
      #expect(await client.frames().first?.error?.code == .capabilityDenied)
    }
  }

  @Test("a key that was taken away ends connections by it and by its tokens; its app goes on")
  func removedKey() async throws {
    let byKey = try await desk.connect()
    let byToken = try await desk.connect(try await desk.token(of: desk.root))
    let other = try await desk.connect(desk.chat)
    desk.core.take(.removedKey("appOne.keyRoot"), at: Desk.start)
    #expect(await byKey.refusal() == RealtimeRefusal(.error, 40400))
    #expect(await byToken.refusal() == RealtimeRefusal(.disconnected, 40143))
    #expect(await other.outputs() == [])
    #expect(await desk.history(as: basic(desk.root)).refusal == Refusal(401, 40400))
    #expect(await desk.history(as: basic(desk.chat)).status == 200)
  }

  @Test("an app that is deleted while somebody connects does not keep them")
  func race() async throws {
    let key = try ServiceKey(APIKey("app.key:secret"))
    let armed = Locked<ServiceCore?>(nil)
    // Ids are made between the check of the credentials and the beginning of the connection.
    let core = try ServiceCore(
      keys: [key], clock: { Milliseconds.date(Desk.start) },
      random: { count in
        armed.withLock(\.self)?.take(.removed(app: "app"), at: Desk.start)
        return Randomness.system(count)
      })
    let request = ServiceRequest("GET", "/?v=6&key=app.key:secret")
    armed.withLock { $0 = core }
    let client = RealtimeDesk(desk: desk, connection: await core.connect(request))
    armed.withLock { $0 = nil }
    #expect(await client.refusal() == RealtimeRefusal(.error, 40400))
    #expect(core.realtime.perform { $0.sessions.isEmpty })
  }

  @Test("nodes of one store: a key that is removed on one is unknown on the other")
  func nodes() async throws {
    let store = MemoryStore(isShared: true)
    let clock = desk.clock
    let keys = [desk.root, desk.chat].map { StoredKey($0, origin: .given) }
    let node = try await ServiceCore(store: store, keys: keys) { clock.date }
    let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
    node.changes.observe { heard.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await node.followStore() }
      var iterator = changes.makeAsyncIterator()
      _ = await iterator.next()
      let request = ServiceRequest("GET", "/?v=6&key=\(desk.root.key.revealed())")
      let client = RealtimeDesk(desk: desk, connection: await node.connect(request))
      #expect(await client.frames().map(\.action) == [.connected])
      try await store.remove(key: desk.root.key.keyName)
      _ = await iterator.next()
      #expect(await client.refusal() == RealtimeRefusal(.error, 40400))
      #expect(node.apps.find(desk.root.key.keyName) == nil)
      tasks.cancelAll()
    }
  }
}
