internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// What is answered without waiting is answered as after waiting.
@Suite struct AtOnceTests {
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
      let atOnce = try #require(desk.core.respondAtOnce(to: request))
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
      let atOnce = isFirstAtOnce ? desk.core.respondAtOnce(to: question) : nil
      let later = await desk.core.respondLater(to: question)
      let again = desk.core.respondAtOnce(to: question)
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
      #expect(desk.core.respondAtOnce(to: ServiceRequest(method, path)) == nil)
    }
    #expect(desk.core.metrics.counts.answers.isEmpty)
    #expect(desk.core.respondAtOnce(to: time) != nil)
    desk.core.add(faults: [try FaultRule(json: Self.rule)])
    #expect(desk.core.respondAtOnce(to: time) == nil)
    desk.core.removeFaults()
    desk.core.enableAdministration()
    #expect(desk.core.respondAtOnce(to: time) == nil)

    let shared = try await ServiceCore(store: MemoryStore(isShared: true))
    #expect(shared.respondAtOnce(to: time) == nil)
    let kept = try await ServiceCore(
      store: FailingStore(), keys: [StoredKey(desk.root, origin: .given)], clock: { desk.clock.date })
    let request = try TokenRequestSigner(key: desk.root.key).sign(at: desk.clock.date)
    let question = ServiceRequest("POST", "/keys/appOne.keyRoot/requestToken", body: request.jsonUTF8)
    #expect(kept.respondAtOnce(to: question) == nil)
    #expect(await kept.respond(to: question).status == 201)
  }

  private static let rule: JSONValue = [
    "match": ["type": "http_request", "pathContains": "/nowhere"], "action": ["type": "http_drop"],
  ]
}
