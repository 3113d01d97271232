internal import AblySQLite
internal import AblyService
internal import AblyTesting
internal import Testing

@Suite("What every store does")
struct ConformanceTests {
  @Test("in memory", arguments: StoreConformance.checks(durable: false, shared: false))
  func memory(check: StoreConformance) async throws {
    try await check.run { MemoryStore() }
  }

  @Test("in memory, for several services", arguments: StoreConformance.checks(durable: true, shared: true))
  func sharedMemory(check: StoreConformance) async throws {
    let store = MemoryStore(isShared: true)
    try await check.run { store }
  }

  @Test("on disk", arguments: StoreConformance.checks(durable: true, shared: false))
  func disk(check: StoreConformance) async throws {
    try await TemporaryDirectory.use { directory in
      try await check.run { try SQLiteStore(directory: directory) }
    }
  }

  @Test("the checks find a store that does not do it")
  func catches() async throws {
    var violated: [String] = []
    for check in StoreConformance.checks(durable: true, shared: false) {
      let careless = CarelessStore(MemoryStore())
      do { try await check.run { careless } } catch { violated.append(check.name) }
    }
    #expect(violated.contains { $0.hasPrefix("a nonce is fresh once") })
    #expect(violated.contains { $0.hasPrefix("of many equal uses") })
    #expect(violated.contains { $0.hasPrefix("a revocation is kept with all") })
    #expect(violated.contains { $0.hasPrefix("an app is removed with all") })
    #expect(violated.contains { $0.hasPrefix("what was given before") })
  }
}
