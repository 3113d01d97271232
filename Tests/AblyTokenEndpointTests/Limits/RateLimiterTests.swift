internal import Foundation
internal import Testing

@testable internal import AblyTokenEndpoint

@Suite struct RateLimiterTests {
  private let start = Date(timeIntervalSince1970: 1_800_000_000)

  @Test("all of the allowance may come at once, and then one each interval")
  func burst() {
    let limiter = Box(RateLimit(60, per: .seconds(60)))
    for _ in 0..<60 { #expect(limiter.wait("a", at: start) == nil) }
    #expect(limiter.wait("a", at: start) == 1)
    #expect(limiter.wait("a", at: start + 1) == nil)
    #expect(limiter.wait("a", at: start + 1) == 1)
    for _ in 0..<60 { #expect(limiter.wait("a", at: start + 120) == nil) }
    #expect(limiter.wait("a", at: start + 120) == 1)
  }

  @Test("over any length of time no caller gets more than the burst and the rate")
  func rate() {
    let limiter = Box(RateLimit(10, per: .seconds(1)))
    var passed = 0
    for step in 0..<10_000 where limiter.wait("a", at: start + Double(step) / 1000) == nil { passed += 1 }
    #expect((100...110).contains(passed))
  }

  @Test("memory is bounded, and whoever still waits is not forgotten after a period")
  func bounded() {
    let limiter = Box(RateLimit(1, per: .seconds(60)), maximumCallers: 100)
    for number in 0..<10_000 { _ = limiter.wait("caller \(number)", at: start) }
    #expect(limiter.callerCount <= 200)
    let other = Box(RateLimit(2, per: .seconds(60)))
    _ = other.wait("a", at: start + 59)
    _ = other.wait("a", at: start + 59)
    #expect(other.wait("a", at: start + 61) != nil)
  }

  @Test("a clock that is set back locks nobody out for longer than a period")
  func clock() throws {
    let limiter = Box(RateLimit(1, per: .seconds(60)))
    #expect(limiter.wait("a", at: start + 86_400) == nil)
    let wait = try #require(limiter.wait("a", at: start))
    #expect(wait <= 60)
    #expect(limiter.wait("a", at: start + 61) == nil)
  }

  @Test("without a limit nothing is counted")
  func unlimited() {
    let limiter = Box(nil)
    for _ in 0..<1000 { #expect(limiter.wait("a", at: start) == nil) }
    #expect(limiter.callerCount == 0)
  }
}

/// A limiter that an expectation can ask: those take no values that change.
private final class Box {
  private var limiter: RateLimiter

  init(_ limit: RateLimit?, maximumCallers: Int = 100_000) {
    limiter = RateLimiter(limit, maximumCallers: maximumCallers)
  }

  var callerCount: Int { limiter.callerCount }

  func wait(_ caller: String, at now: Date) -> Int? { limiter.secondsToWait(caller, at: now) }
}
