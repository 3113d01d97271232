#if Postgres
  internal import AblyPostgres
  internal import AblyService
  internal import AblyTokens
  internal import Foundation
  internal import TestSupport
  internal import Testing

  @Suite("Nodes whose own clocks are a minute apart", OwnPostgres.needed, .endsAtLast)
  struct ClockTests {
    private let key: ServiceKey

    init() throws {
      key = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
    }

    private var basic: String { "Basic \(Base64.standard.encode(key.key.revealed().utf8))" }

    private func time(_ node: ServiceCore) async -> Int64 {
      await node.respond(to: ServiceRequest("GET", "/time")).body.array?.first?.number?.int64 ?? 0
    }

    private func exchange(_ node: ServiceCore, _ request: TokenRequest) async -> ServiceResponse {
      await node.respond(
        to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    }

    private func use(_ node: ServiceCore, _ token: String) async -> Int64? {
      await node.respond(
        to: ServiceRequest("GET", "/channels/c/presence", headers: ["authorization": "Bearer \(token)"])
      ).body["error"]?["code"]?.number?.int64
    }

    @Test(
      "have one time: a request is exchanged once, and a token of the fast one is revoked by the slow one")
    func oneTime() async throws {
      try await OwnPostgres.use { postgres in
        let stores = [
          try await PostgresStore(url: postgres.url, connections: 2),
          try await PostgresStore(url: postgres.url, connections: 2),
        ]
        let slow = try await ServiceCore(store: stores[0], keys: [StoredKey(key, origin: .given)]) {
          Date().addingTimeInterval(-30)
        }
        let fast = try await ServiceCore(store: stores[1]) { Date().addingTimeInterval(30) }
        let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
        fast.changes.observe { heard.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          for node in [slow, fast] { tasks.addTask { try await node.followStore() } }
          var iterator = changes.makeAsyncIterator()
          guard case .contents = await iterator.next() else { return }

          let signer = TokenRequestSigner(key: key.key)
          let request = try signer.sign(TokenParams(clientId: "bob"), at: Date())
          let answer = await exchange(fast, request)
          #expect(answer.status == 201)
          #expect(await exchange(slow, request).body["error"]?["code"] == 40105)
          let bob = try TokenDetails(json: answer.body)
          // So that it was issued before it is revoked.
          let issued = bob.issued.map { Int64($0.timeIntervalSince1970 * 1000) } ?? 0
          #expect(await abs(time(slow) - issued) < 20_000)
          try await until(await time(slow) > issued)
          let body: JSONValue = ["targets": ["clientId:bob"]]
          let revoked = await slow.respond(
            to: ServiceRequest(
              "POST", "/keys/\(key.key.keyName)/revokeTokens", headers: ["authorization": basic],
              body: body.utf8))
          #expect(revoked.status == 201)
          guard case .revoked = await iterator.next() else { throw Unheard() }
          #expect(await use(fast, bob.token) == 40141)
          tasks.cancelAll()
        }
        for store in stores { await store.close() }
      }
    }

    private struct Unheard: Error {}
  }
#endif
