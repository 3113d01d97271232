internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite("A service that is killed at any moment", .serialized, .endsAtLast)
struct CrashTests {
  private static let key = "demo00.key000:only-for-this-machine"
  private static let arguments = ["--revocable-key", key]

  @Test("what it acknowledged holds when it starts again", arguments: [1 as UInt64, 2, 3])
  func crash(seed: UInt64) async throws {
    try await withDirectory { directory in
      var generator = SeededGenerator(seed: seed)
      let acknowledged = Acknowledged()
      for round in 0..<4 {
        // From the second round on the keys are those of the directory.
        let keys = round == 0 ? Self.arguments : []
        let service = try await ServiceProcess.start(keys + ["--data-dir", directory])
        try await check(service, acknowledged)
        let fatal = await acknowledged.count + Int.random(in: 1...100, using: &generator)
        await withTaskGroup(of: Void.self) { tasks in
          for worker in 0..<8 {
            tasks.addTask {
              do { try await work(service, acknowledged, worker: worker, until: fatal) } catch {}
            }
          }
        }
        await service.end()
      }
      let last = try await ServiceProcess.start(["--data-dir", directory])
      try await check(last, acknowledged)
      #expect(await acknowledged.exchanges.count > 0)
      #expect(await acknowledged.revoked.count > 0)
      #expect(await last.stop() == 0)
    }
  }

  /// Until the service is gone. Whoever brings the count to `fatal` kills it while the others go on.
  private func work(
    _ service: ServiceProcess, _ acknowledged: Acknowledged, worker: Int, until fatal: Int
  ) async throws {
    let signer = TokenRequestSigner(key: try APIKey(Self.key))
    for number in 0... {
      let clientId = UUID().uuidString
      let request = try signer.sign(TokenParams(clientId: clientId), at: Date())
      let answer = try await service.exchange(request)
      #expect(answer.status == 201, "\(answer)")
      await acknowledged.exchanged(request)
      switch (number + worker) % 8 {
      case 0, 3:
        let token = try TokenDetails(json: answer.body ?? .null)
        let body: JSONValue = ["targets": [.string("clientId:\(clientId)")]]
        let revocation = try await service.send(
          "POST", "/keys/demo00.key000/revokeTokens", body.utf8, authorization: ServiceProcess.basic(Self.key)
        )
        let result = revocation.body?["results"]?.array?.first
        let issuedBefore = Milliseconds.date(result?["issuedBefore"]?.number?.int64 ?? 0)
        // A token of the very millisecond of its revocation goes on.
        if let issued = token.issued, issued < issuedBefore { await acknowledged.revoked(token.token) }
      case 5:
        let app = try await service.send("POST", "/apps")
        let key = try #require(app.body?["keys"]?.array?.first?["keyStr"]?.string)
        await acknowledged.made(key)
        guard number % 2 == 0 else { break }
        await acknowledged.asksToDelete(key)
        let id = String(key.prefix { $0 != "." })
        let deletion = try await service.send(
          "DELETE", "/apps/\(id)", authorization: ServiceProcess.basic(key))
        if deletion.status == 204 { await acknowledged.deleted(key) }
      default: break
      }
      if await acknowledged.count >= fatal { service.endAtOnce() }
    }
  }

  private func check(_ service: ServiceProcess, _ acknowledged: Acknowledged) async throws {
    do {
      try await ask(service, acknowledged)
    } catch {
      // Whether one connection failed, or the service.
      let health = try? await service.send("GET", "/health").status
      Issue.record("\(error); asked how it is, the service answers \(health.map(String.init) ?? "nothing")")
      throw error
    }
  }

  private func ask(_ service: ServiceProcess, _ acknowledged: Acknowledged) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for request in await acknowledged.exchanges {
        tasks.addTask {
          let answer = try await service.exchange(request)
          // One that is older than two minutes by now is refused for that.
          #expect(answer.status == 401 && (answer.code == 40105 || answer.code == 40104), "\(answer)")
        }
      }
      for token in await acknowledged.revoked {
        tasks.addTask { try await expect("Bearer \(token)", on: service, status: 401, code: 40141) }
      }
      for key in await acknowledged.keys {
        tasks.addTask { try await expect(ServiceProcess.basic(key), on: service, status: 200) }
      }
      for key in await acknowledged.deleted {
        tasks.addTask { try await expect(ServiceProcess.basic(key), on: service, status: 404) }
      }
      try await tasks.waitForAll()
    }
  }

  private func expect(
    _ authorization: String, on service: ServiceProcess, status: Int, code: Int64? = nil
  ) async throws {
    let answer = try await service.send("GET", "/channels/c/messages", authorization: authorization)
    #expect(answer.status == status)
    if let code { #expect(answer.code == code) }
  }
}

/// A path where there is nothing yet, removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "ably-data-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: url) }
  return try await body(url.path)
}
