internal import AblyService
internal import AblyTesting
internal import Testing

@Suite struct LogConformanceTests {
  @Test("the log in memory", arguments: LogConformance.checks)
  func memory(check: LogConformance) async throws {
    let store = MemoryStore(isShared: true)
    try await check.run(on: #require(store.log))
  }
}
