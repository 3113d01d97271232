internal import AblyTokens
internal import Synchronization
internal import Testing

@testable internal import AblyService

@Suite("The store behind the service")
struct StoreSeamTests {
  let clock = ManualClock(Desk.start)
  let key: ServiceKey
  let plain: ServiceKey

  init() throws {
    key = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
    plain = try ServiceKey(APIKey("appOne.keyPlain:plainSecret"))
  }

  func core(_ store: any ServiceStore, keys: [ServiceKey]? = nil) async throws -> ServiceCore {
    try await ServiceCore(
      store: store, keys: (keys ?? [key, plain]).map { StoredKey($0, origin: .given) },
      clock: { [clock] in clock.date })
  }

  func request(_ key: ServiceKey, _ params: TokenParams = TokenParams()) throws -> ServiceRequest {
    let request = try TokenRequestSigner(key: key.key).sign(params, at: clock.date)
    return ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8)
  }

  func token(_ core: ServiceCore, _ key: ServiceKey, _ params: TokenParams = TokenParams()) async throws
    -> String
  {
    let response = await core.respond(to: try request(key, params))
    try #require(response.status == 201, "\(response.body)")
    return try TokenDetails(json: response.body).token
  }

  func use(_ token: String, on core: ServiceCore) async -> Refusal {
    await core.respond(
      to: ServiceRequest("GET", "/channels/c/messages", headers: bearer(token))
    ).refusal
  }

  func revoke(_ target: String, on core: ServiceCore) async -> ServiceResponse {
    let body: JSONValue = ["targets": [.string(target)]]
    return await core.respond(
      to: ServiceRequest(
        "POST", "/keys/\(key.key.keyName)/revokeTokens", headers: basic(key), body: body.utf8))
  }

  @Test("what cannot be stored is refused with 503, and has not happened")
  func unavailable() async throws {
    let store = FailingStore()
    let core = try await core(store)
    let token = try await token(core, key, TokenParams(clientId: "bob"))
    clock.advance(by: 1)

    store.fails = true
    let exchange = try request(key)
    let refused = await core.respond(to: exchange)
    #expect(refused.refusal == Refusal(503, 50004))
    #expect(refused.values(of: "retry-after") == ["1"])
    #expect(await revoke("clientId:bob", on: core).refusal == Refusal(503, 50004))
    #expect(await use(token, on: core) == Refusal(200, 0))
    let app = await core.respond(to: ServiceRequest("POST", "/apps"))
    #expect(app.refusal == Refusal(503, 50004))
    #expect(core.apps.count == 1)
    let deletion = await core.respond(to: ServiceRequest("DELETE", "/apps/appOne", headers: basic(key)))
    #expect(deletion.refusal == Refusal(503, 50004))
    #expect(await use(token, on: core) == Refusal(200, 0))

    store.fails = false
    #expect(await core.respond(to: exchange).status == 201)
    #expect(await core.respond(to: exchange).refusal == Refusal(401, 40105))
    #expect(await revoke("clientId:bob", on: core).status == 201)
    #expect(await use(token, on: core) == Refusal(401, 40141))
  }

  @Test("checking a token asks no store")
  func noLookUp() async throws {
    let store = FailingStore()
    let core = try await core(store)
    let token = try await token(core, plain)
    let before = store.calls
    for _ in 0..<10 { #expect(await use(token, on: core) == Refusal(200, 0)) }
    #expect(await use("appOne.AAAA", on: core).status == 401)
    #expect(store.calls == before)
  }

  @Test("those who hold sessions hear of a revocation after it is in force and before it is answered")
  func feed() async throws {
    let core = try await core(MemoryStore())
    let token = try await token(core, key, TokenParams(clientId: "bob"))
    clock.advance(by: 1)
    let heard = Locked<[Bool]>([])
    core.changes.observe { [weak core, clock] change in
      guard case .revoked = change, let core else { return }
      let refusal = #expect(throws: ErrorInfo.self) {
        try core.authenticator.principal(
          of: ServiceRequest("GET", "/", headers: bearer(token)), at: clock.milliseconds)
      }
      heard.withLock { $0.append(refusal?.code == .tokenRevoked) }
    }
    #expect(await revoke("clientId:bob", on: core).status == 201)
    #expect(heard.withLock(\.self) == [true])
  }

  @Test("a service that starts again knows what its store holds")
  func restart() async throws {
    let store = MemoryStore()
    let first = try await core(store)
    let token = try await token(first, key, TokenParams(clientId: "bob"))
    let exchanged = try request(key)
    #expect(await first.respond(to: exchanged).status == 201)
    clock.advance(by: 1)
    #expect(await revoke("clientId:bob", on: first).status == 201)
    let second = try await core(store, keys: [])
    #expect(await use(token, on: second) == Refusal(401, 40141))
    #expect(await second.respond(to: exchanged).refusal == Refusal(401, 40105))
  }

  @Test("a given key takes the place of the stored one of its name; two given ones of one name are refused")
  func replaced() async throws {
    let store = MemoryStore()
    _ = try await core(store)
    let new = try ServiceKey(APIKey("appOne.keyPlain:newSecret"))
    let core = try await core(store, keys: [new])
    #expect(await core.respond(to: try request(new)).status == 201)
    #expect(await core.respond(to: try request(plain)).refusal == Refusal(401, 40101))
    #expect(await core.respond(to: try request(key)).status == 201)
    await #expect(throws: ErrorInfo.self) { try await self.core(store, keys: [new, plain]) }
  }

  @Test("nodes of one store: what one does holds on the other")
  func nodes() async throws {
    let store = MemoryStore(isShared: true)
    let (one, two) = (try await core(store), try await core(store))
    let token = try await token(one, key, TokenParams(clientId: "bob"))
    clock.advance(by: 1)
    #expect(await use(token, on: two) == Refusal(503, 50004), "it cannot hear revocations yet")
    let free = try await self.token(one, plain)
    #expect(await use(free, on: two) == Refusal(200, 0), "nobody can revoke it")

    let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
    two.changes.observe { heard.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await two.followStore() }
      var iterator = changes.makeAsyncIterator()
      _ = await iterator.next()
      #expect(await use(token, on: two) == Refusal(200, 0))
      let exchanged = try request(key)
      #expect(await one.respond(to: exchanged).status == 201)
      #expect(await two.respond(to: exchanged).refusal == Refusal(401, 40105))

      let made = await one.respond(to: ServiceRequest("POST", "/apps"))
      let madeKey = try ServiceKey(APIKey(made.body["keys"]?.array?.first?["keyStr"]?.string ?? ""))
      #expect(await two.respond(to: try request(madeKey)).status == 201)
      _ = await iterator.next()

      #expect(await revoke("clientId:bob", on: one).status == 201)
      _ = await iterator.next()
      #expect(await use(token, on: two) == Refusal(401, 40141))
      tasks.cancelAll()
    }
  }

  @Test("a node that cannot hear the others refuses what they may have revoked, and nothing else")
  func lost() async throws {
    let core = try await core(MemoryStore())
    let (revocable, free) = (try await token(core, key), try await token(core, plain))
    core.take(.lost, at: Desk.start)
    #expect(await use(revocable, on: core) == Refusal(503, 50004))
    #expect(await use(free, on: core) == Refusal(200, 0))
    let contents = try await core.store.contents(at: Desk.start)
    core.take(.contents(contents), at: Desk.start)
    #expect(await use(revocable, on: core) == Refusal(200, 0))
  }
}
