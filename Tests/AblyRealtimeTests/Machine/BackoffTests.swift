internal import Testing

@testable internal import AblyRealtime

@Suite struct BackoffTests {
  @Test(
    "RTB1a: the wait grows by thirds up to twice the first",
    arguments: [(0, 15_000), (1, 20_000), (2, 25_000), (3, 30_000), (4, 30_000), (1_000_000, 30_000)])
  func grows(_ retry: Int, _ milliseconds: Int) {
    #expect(Backoff.delay(.seconds(15), retry: retry, jitter: 1) == .milliseconds(milliseconds))
  }

  @Test("RTB1b: jitter shortens it by a fifth at most, whatever the source of it says")
  func jitter() {
    #expect(Backoff.delay(.seconds(15), retry: 0, jitter: 0.8) == .seconds(12))
    #expect(Backoff.delay(.seconds(15), retry: 0, jitter: 0) == .seconds(12))
    #expect(Backoff.delay(.seconds(15), retry: 0, jitter: 7) == .seconds(15))
  }

  @Test("RTB1b: the source of it gives anything from 0.8 to 1")
  func source() {
    let surroundings = Surroundings()
    let values = (0..<1000).map { _ in surroundings.jitter() }
    #expect(values.allSatisfy { (0.8...1).contains($0) })
    #expect(values.contains { $0 < 0.82 } && values.contains { $0 > 0.98 })
    #expect((0.88...0.92).contains(values.reduce(0, +) / 1000))
  }
}
