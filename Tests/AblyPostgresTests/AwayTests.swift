#if Postgres
  internal import AblyPostgres
  internal import AblyService
  internal import AblyTokens
  internal import Foundation
  internal import Testing

  /// The table of docs/operations.md: what is refused and what is allowed while the database is away.
  @Suite("PostgreSQL goes away and comes back", OwnPostgres.needed)
  struct AwayTests {
    let plain: ServiceKey
    let revocable: ServiceKey

    init() throws {
      plain = try ServiceKey(APIKey("appOne.keyPlain:plainSecret"))
      revocable = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
    }

    private func exchange(_ core: ServiceCore, _ key: ServiceKey, clientId: String? = nil) async throws
      -> ServiceResponse
    {
      let request = try TokenRequestSigner(key: key.key).sign(TokenParams(clientId: clientId), at: Date())
      return await exchange(core, request)
    }

    private func exchange(_ core: ServiceCore, _ request: TokenRequest) async -> ServiceResponse {
      await core.respond(
        to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
    }

    /// Something that a node answers from memory, once it takes the token.
    private func use(_ core: ServiceCore, _ authorization: String) async -> Int {
      await core.respond(
        to: ServiceRequest("GET", "/channels/c/presence", headers: ["authorization": authorization])
      ).status
    }

    private func basic(_ key: ServiceKey) -> String {
      "Basic \(Base64.standard.encode(key.key.revealed().utf8))"
    }

    private func revoke(_ core: ServiceCore, _ target: String) async -> Int {
      let body: JSONValue = ["targets": [.string(target)]]
      return await core.respond(
        to: ServiceRequest(
          "POST", "/keys/\(revocable.key.keyName)/revokeTokens", headers: ["authorization": basic(revocable)],
          body: body.utf8)
      ).status
    }

    @Test("what is refused, what is allowed, and that all of it comes back by itself")
    func table() async throws {
      try await OwnPostgres.use { postgres in
        let stores = [
          try await PostgresStore(url: postgres.url, connections: 2),
          try await PostgresStore(url: postgres.url, connections: 2),
        ]
        let keys = [plain, revocable].map { StoredKey($0, origin: .given) }
        let one = try await ServiceCore(store: stores[0], keys: keys)
        let two = try await ServiceCore(store: stores[1])
        let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
        two.changes.observe { heard.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          tasks.addTask { try await one.followStore() }
          tasks.addTask { try await two.followStore() }
          var iterator = changes.makeAsyncIterator()
          func wait(for isAwaited: (StoreChange) -> Bool) async {
            while let change = await iterator.next() { if isAwaited(change) { return } }
          }
          await wait { if case .contents = $0 { true } else { false } }

          let free = try TokenDetails(json: await exchange(two, plain).body)
          let bob = try TokenDetails(json: await exchange(two, revocable, clientId: "bob").body)
          let eve = try TokenDetails(json: await exchange(two, revocable, clientId: "eve").body)
          let used = try TokenRequestSigner(key: plain.key).sign(TokenParams(), at: Date())
          #expect(await exchange(one, used).status == 201)
          #expect(await exchange(two, used).refusalCode == 40105)
          while Milliseconds.now <= (bob.issued.map { Int64($0.timeIntervalSince1970 * 1000) } ?? 0) {
            await Task.yield()
          }
          #expect(await revoke(one, "clientId:bob") == 201)
          await wait { if case .revoked = $0 { true } else { false } }
          #expect(await use(two, "Bearer \(bob.token)") == 401)
          #expect(await use(two, "Bearer \(eve.token)") == 200)

          try await postgres.down()
          await wait { if case .lost = $0 { true } else { false } }
          #expect(try await exchange(two, plain).status == 503)
          #expect(await exchange(two, used).status == 503)
          #expect(await revoke(two, "clientId:eve") == 503)
          #expect(await two.respond(to: ServiceRequest("POST", "/apps")).status == 503)
          #expect(await use(two, "Bearer \(free.token)") == 200)
          #expect(await use(two, basic(plain)) == 200)
          #expect(await use(two, "Bearer \(bob.token)") == 503)
          #expect(await use(two, "Bearer \(eve.token)") == 503)
          #expect(await use(two, "Basic \(Base64.standard.encode("other.key:secret".utf8))") == 503)
          let plainParams = ServiceRequest(
            "POST", "/keys/\(plain.key.keyName)/requestToken", headers: ["authorization": basic(plain)],
            body: Array("{}".utf8))
          #expect(await two.respond(to: plainParams).status == 201)
          for (method, path) in [("POST", "messages"), ("GET", "messages"), ("GET", "presence/history")] {
            let request = ServiceRequest(
              method, "/channels/c/\(path)", headers: ["authorization": basic(plain)],
              body: Array("{}".utf8))
            #expect(await two.respond(to: request).status == 503)
          }
          let status = ServiceRequest("GET", "/channels/c", headers: ["authorization": basic(plain)])
          #expect(await two.respond(to: status).status == 503)
          for path in ["/time", "/health"] {
            #expect(await two.respond(to: ServiceRequest("GET", path)).status == 200)
          }

          try await postgres.up()
          await wait { if case .contents = $0 { true } else { false } }
          #expect(await use(two, "Bearer \(eve.token)") == 200)
          #expect(await use(two, "Bearer \(bob.token)") == 401)
          #expect(await exchange(two, used).refusalCode == 40105)
          #expect(try await exchange(two, plain).status == 201)
          tasks.cancelAll()
        }
        for store in stores { await store.close() }
      }
    }
  }

  extension ServiceResponse {
    fileprivate var refusalCode: Int64? { body["error"]?["code"]?.number?.int64 }
  }

  extension Milliseconds {
    fileprivate static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
  }
#endif
