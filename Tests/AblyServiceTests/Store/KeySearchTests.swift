internal import AblyTokens
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// Keys that a node has not heard of, in a store that other nodes change.
@Suite(.endsAtLast) struct KeySearchTests {
  private let store = HeldStore()
  private let clock = ManualClock(Desk.start)
  private let key: ServiceKey
  private let core: ServiceCore

  init() throws {
    key = try ServiceKey(APIKey("appOne.keyOne:secret"))
    core = try ServiceCore(
      keys: [], store: store, clock: { [clock] in clock.date },
      timer: ServiceTimer(uptime: { [clock] in .milliseconds(clock.milliseconds) }, sleep: { _ in }),
      random: Randomness.system)
  }

  private func stored(_ key: ServiceKey) -> StoredKey { StoredKey(key, origin: .given) }

  private func ask(_ key: ServiceKey) async -> Refusal {
    await core.respond(to: ServiceRequest("GET", "/channels/c/messages", headers: basic(key))).refusal
  }

  @Test("a key that is taken away while the store is asked for it does not come back")
  func removed() async throws {
    try await store.save([stored(key)], replacing: true)
    async let answer = ask(key)
    await store.waitForQuestion()
    core.take(.saved([stored(key)]), at: Desk.start)
    try await store.remove(key: key.key.keyName)
    core.take(.removedKey(key.key.keyName), at: Desk.start)
    store.allow(2)
    #expect(await answer == Refusal(404, 40400))
    #expect(core.apps.find(key.key.keyName) == nil)
    #expect(store.calls == 2)
  }

  @Test("nor does the secret of one that is replaced meanwhile")
  func replaced() async throws {
    try await store.save([stored(key)], replacing: true)
    async let answer = ask(key)
    await store.waitForQuestion()
    let other = stored(try ServiceKey(APIKey("appOne.keyOne:another")))
    try await store.save([other], replacing: true)
    core.take(.saved([other]), at: Desk.start)
    store.allow(2)
    #expect(await answer == Refusal(401, 40101))
    #expect(core.apps.find(key.key.keyName)?.serviceKey.key == other.key.key)
  }

  @Test("a name that nobody has costs one look-up a second, whatever is shown under it")
  func missing() async throws {
    store.allow(100)
    let name = key.key.keyName
    for _ in 0..<5 {
      #expect(await ask(key) == Refusal(404, 40400))
      let forged = await core.respond(
        to: ServiceRequest("POST", "/keys/\(name)/requestToken", body: Array("{}".utf8)))
      #expect(forged.refusal == Refusal(404, 40400))
    }
    #expect(store.calls == 1)
    try await store.save([stored(key)], replacing: true)
    clock.advance(by: 999)
    #expect(await ask(key) == Refusal(404, 40400))
    clock.advance(by: 1)
    #expect(await ask(key) == Refusal(200, 0))
    #expect(store.calls == 2)
  }

  @Test("no name is looked for that no key can have")
  func long() async throws {
    store.allow(10)
    let name = "app." + String(repeating: "x", count: 300)
    let answer = await core.respond(
      to: ServiceRequest("POST", "/keys/\(name)/requestToken", body: Array("{}".utf8)))
    #expect(answer.refusal == Refusal(404, 40400))
    #expect(store.calls == 0)
  }

  @Test("of one name there is one look-up at a time, of all names a few")
  func atOneTime() throws {
    let search = KeySearch()
    #expect(try search.begin("a", at: .zero) == .search)
    #expect(try search.begin("a", at: .zero) == .wait)
    for index in 1..<KeySearch.maximumUnderWay {
      #expect(try search.begin("a\(index)", at: .zero) == .search)
    }
    let error = #expect(throws: ErrorInfo.self) { try search.begin("b", at: .zero) }
    #expect(error?.code == .serverBusy)
    search.end("a", .missing, at: .zero)
    #expect(try search.begin("a", at: .milliseconds(999)) == .missing)
    #expect(try search.begin("b", at: .zero) == .search)
    search.end("b", .found, at: .zero)
    #expect(try search.begin("a", at: .seconds(1)) == .search)
  }

  @Test("what comes of a look-up is told to those who wait for it")
  func waiting() async throws {
    let search = KeySearch()
    for outcome in [KeySearch.Outcome.found, .failed(.storeUnavailable("the test said so"))] {
      #expect(try search.begin("a", at: .zero) == .search)
      let waiter = Task { try await search.wait(for: "a") }
      try await until(search.waiterCount > 0)
      search.end("a", outcome, at: .zero)
      let isTold = (try? await waiter.value) != nil
      if case .found = outcome { #expect(isTold) } else { #expect(!isTold) }
    }
    // One who comes too late has nothing to wait for.
    try await search.wait(for: "a")
  }

  @Test("misses without end are forgotten, not kept")
  func bounded() throws {
    let search = KeySearch()
    for index in 0..<(3 * KeySearch.maximumMisses) {
      #expect(try search.begin("a\(index)", at: .zero) == .search)
      search.end("a\(index)", .missing, at: .zero)
    }
    #expect(try search.begin("a\(3 * KeySearch.maximumMisses - 1)", at: .zero) == .missing)
    #expect(try search.begin("a0", at: .zero) == .search)
  }
}
