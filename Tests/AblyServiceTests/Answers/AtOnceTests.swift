internal import AblyTokens
internal import TestSupport
internal import Testing

@testable internal import AblyService

/// What is answered without waiting is answered as after waiting.
@Suite(.endsAtLast) struct AtOnceTests {
  private static let requests: [(String, String)] = [
    ("GET", "/time"), ("GET", "/health"), ("GET", "/ready"), ("GET", "/stats"),
    ("POST", "/keys/appOne.keyRoot/requestToken"), ("POST", "/keys/appOne.nobody/requestToken"),
    ("DELETE", "/time"), ("GET", "/nowhere"), ("GET", "/%ff"),
  ]

  @Test("an answer that waits for nothing is the one that would have been waited for", arguments: requests)
  func same(method: String, path: String) async throws {
    for headers in [[:], ["origin": "https://page.example"], ["authorization": "Bearer nothing"]] {
      let desk = try Desk()
      let request = ServiceRequest(method, path, headers: headers)
      let atOnce = try #require(desk.core.atOnce(request))
      let later = await desk.core.respondLater(to: request)
      #expect(atOnce.status == later.status && atOnce.body == later.body)
      let headers = [atOnce, later].map { answer in answer.headers.map { "\($0.name): \($0.value)" } }
      #expect(headers[0] == headers[1])
      // Counted once each.
      let count = desk.core.metrics.counts.answers.values.reduce(0, +)
      #expect(count == 2)
    }
  }

  @Test("a request that was exchanged at once is known to whoever waits, and the other way round")
  func replay() async throws {
    let desk = try Desk()
    for isFirstAtOnce in [true, false] {
      let request = try TokenRequestSigner(key: desk.root.key).sign(at: desk.clock.date)
      let question = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8)
      let atOnce = isFirstAtOnce ? desk.core.atOnce(question) : nil
      let later = await desk.core.respondLater(to: question)
      let again = desk.core.atOnce(question)
      #expect(isFirstAtOnce ? atOnce?.status == 201 : later.status == 201)
      #expect(again?.refusal == Refusal(401, 40105))
      if isFirstAtOnce { #expect(later.refusal == Refusal(401, 40105)) }
    }
    #expect(desk.core.metrics.counts.tokensIssued == 2)
  }

  @Test("what a store, other nodes or a fault rule have a say in is waited for, and nothing is done before")
  func later() async throws {
    let desk = try Desk()
    let time = ServiceRequest("GET", "/time")
    for (method, path) in [
      ("POST", "/keys/appOne.keyRoot/revokeTokens"), ("POST", "/apps"), ("DELETE", "/apps/appOne"),
      ("GET", "/channels/a/messages"), ("POST", "/channels/a/messages"), ("GET", "/channels/a/presence"),
    ] {
      #expect(desk.core.atOnce(ServiceRequest(method, path)) == nil)
    }
    #expect(desk.core.metrics.counts.answers.isEmpty)
    #expect(desk.core.atOnce(time) != nil)
    desk.core.add(faults: [try FaultRule(json: Self.rule)])
    #expect(desk.core.atOnce(time) == nil)
    desk.core.removeFaults()
    desk.core.enableAdministration()
    #expect(desk.core.atOnce(time) == nil)

    let shared = try await ServiceCore(store: MemoryStore(isShared: true))
    #expect(shared.atOnce(time) == nil)
    let kept = try await ServiceCore(
      store: FailingStore(), keys: [StoredKey(desk.root, origin: .given)], clock: { desk.clock.date })
    let request = try TokenRequestSigner(key: desk.root.key).sign(at: desk.clock.date)
    let question = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8)
    #expect(kept.atOnce(question) == nil)
    #expect(await kept.respond(to: question).status == 201)
  }

  private static let verdicts: [(Result<NonceVerdict, ErrorInfo>, Refusal)] = [
    (.success(.fresh), Refusal(201, 0)), (.success(.seen), Refusal(401, 40105)),
    (.success(.forgotten), Refusal(401, 40104)),
    (.failure(.storeUnavailable("the test said so")), Refusal(503, 50004)),
  ]

  @Test("a store that calls back decides when it does, and no sooner", arguments: verdicts)
  func soon(verdict: Result<NonceVerdict, ErrorInfo>, refusal: Refusal) async throws {
    let desk = try Desk()
    let store = LateStore()
    let core = try await ServiceCore(
      store: store, keys: [StoredKey(desk.root, origin: .given)], clock: { desk.clock.date })
    let request = try TokenRequestSigner(key: desk.root.key).sign(at: desk.clock.date)
    let question = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8)
    let answers = Mutexed<[ServiceResponse]>([])
    guard
      case .soon = core.respondAtOnce(
        to: question, soon: { answer in answers.withLock { $0.append(answer) } })
    else { return #expect(Bool(false), "it did not wait for the store") }
    #expect(answers.withLock(\.isEmpty))
    #expect(core.metrics.counts.answers.isEmpty)
    store.give(verdict)
    #expect(answers.withLock { $0.map(\.refusal) } == [refusal])
    #expect(core.metrics.counts.answers.values.reduce(0, +) == 1)
    #expect(core.metrics.counts.tokensIssued == (refusal.status == 201 ? 1 : 0))

    async let answer = core.respond(to: question)
    try await until(store.give(verdict))
    #expect(await answer.refusal == refusal)
    // What is refused before asks no store.
    let unsigned = ServiceRequest("POST", "/keys/appOne.nobody/requestToken", body: request.jsonUTF8)
    #expect(core.atOnce(unsigned)?.status == 401)
  }

  private static let rule: JSONValue = [
    "match": ["type": "http_request", "pathContains": "/nowhere"], "action": ["type": "http_drop"],
  ]
}

extension ServiceCore {
  /// The answer, where there is one at once.
  fileprivate func atOnce(_ request: ServiceRequest) -> ServiceResponse? {
    guard case .now(let response) = respondAtOnce(to: request, soon: { _ in }) else { return nil }
    return response
  }
}

/// A store that gives its verdict when it is told to.
private final class LateStore: StoreInFront, PromptStore {
  let store = MemoryStore()
  private let waiting = Mutexed<[@Sendable (Result<NonceVerdict, ErrorInfo>) -> Void]>([])

  /// Whether somebody waited for it.
  @discardableResult
  func give(_ verdict: Result<NonceVerdict, ErrorInfo>) -> Bool {
    let taken = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for give in taken { give(verdict) }
    return !taken.isEmpty
  }

  func admit(
    _ use: NonceUse, at now: Int64, later: @escaping @Sendable (Result<NonceVerdict, ErrorInfo>) -> Void
  ) -> NonceVerdict? {
    waiting.withLock { $0.append(later) }
    return nil
  }
}
