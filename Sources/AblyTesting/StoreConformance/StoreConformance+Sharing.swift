internal import AblyService
internal import AblyTokens

extension StoreConformance {
  static let sharingChecks = [
    StoreConformance("a nonce that is used on one node is used on all") { open in
      let nodes = [try await open(), try await open(), try await open()]
      for round in 0..<32 {
        let use = NonceUse(keyName: "a.k", timestamp: start, nonce: "round \(round)")
        let fresh = try await withThrowingTaskGroup(of: NonceVerdict.self) { tasks in
          for node in nodes { tasks.addTask { try await node.admit(use, at: start) } }
          return try await tasks.reduce(0) { $0 + ($1 == .fresh ? 1 : 0) }
        }
        try StoreViolation.unless(fresh == 1, "on one of three nodes the use is fresh, not on \(fresh)")
      }
      for node in nodes { await node.close() }
    },
    StoreConformance("what one node changes the others are told") { open in
      let (author, reader) = (try await open(), try await open())
      let key = StoredKey(try ServiceKey(APIKey("a.b:c")), origin: .requested)
      let revocation = Revocation(
        keyName: "a.b", target: try RevocationTarget("clientId:bob"), issuedBefore: start, appliesAt: start)
      try await hear(reader) { next in
        guard case .contents = await next() else {
          throw StoreViolation(expectation: "contents come first", location: #fileID)
        }
        try await author.save([key], replacing: false)
        guard case .saved(let keys) = await next(), keys.count == 1, isEqual(keys[0], key) else {
          throw StoreViolation(expectation: "the key that was saved", location: #fileID)
        }
        try await author.revoke([revocation], at: start)
        guard case .revoked([revocation]) = await next() else {
          throw StoreViolation(expectation: "the revocation", location: #fileID)
        }
        try await author.remove(key: "a.b")
        guard case .removedKey("a.b") = await next() else {
          throw StoreViolation(expectation: "the key that is gone", location: #fileID)
        }
        try await author.remove(app: "a")
        guard case .removed("a") = await next() else {
          throw StoreViolation(expectation: "the app that is gone", location: #fileID)
        }
      }
      await author.close()
      await reader.close()
    },
  ]

  private static func hear(
    _ store: any ServiceStore,
    _ body: @Sendable (_ next: () async -> StoreChange?) async throws -> Void
  ) async throws {
    let (changes, continuation) = AsyncStream.makeStream(of: StoreChange.self)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { continuation.finish() }
        try await store.follow { continuation.yield($0) }
      }
      var iterator = changes.makeAsyncIterator()
      try await body { await iterator.next() }
      tasks.cancelAll()
    }
  }
}
