#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Counts requests by caller, in memory that does not grow without bound.
///
/// Of each caller it keeps the time at which their allowance will be whole again. Who has not come for a period is
/// as good as new and is forgotten: names stand in two maps, and after each period the older one is dropped.
struct RateLimiter: Sendable {
  let limit: RateLimit?
  private let maximumCallers: Int
  private let period: Double
  private let interval: Double
  private var recent: [String: Double] = [:]
  private var older: [String: Double] = [:]
  private var turn = -Double.infinity

  init(_ limit: RateLimit?, maximumCallers: Int = 100_000) {
    self.limit = limit
    self.maximumCallers = maximumCallers
    let (seconds, attoseconds) = (limit?.period ?? .seconds(1)).components
    period = Double(seconds) + Double(attoseconds) / 1e18
    interval = period / Double(limit?.count ?? 1)
  }

  /// How many callers are remembered.
  var callerCount: Int { recent.count + older.count }

  /// Counts a request; `nil` if it may pass, else after how many whole seconds the next may.
  mutating func secondsToWait(_ caller: @autoclosure () -> String, at now: Date) -> Int? {
    guard limit != nil else { return nil }
    let caller = caller()
    let time = now.timeIntervalSince1970
    turnOver(at: time)
    // A clock that was set back must not lock anybody out for longer than a period.
    let whole = min(max(recent[caller] ?? older[caller] ?? time, time), time + period)
    let wait = whole - time - (period - interval)
    guard wait <= interval * 1e-6 else {
      recent[caller] = whole
      return Int(max(wait.rounded(.up), 1))
    }
    recent[caller] = whole + interval
    return nil
  }

  private mutating func turnOver(at time: Double) {
    guard time >= turn + period || time < turn - period || recent.count >= maximumCallers else { return }
    older = time >= turn + 2 * period ? [:] : recent
    recent = [:]
    turn = time
  }
}
