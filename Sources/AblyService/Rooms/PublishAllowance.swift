/// How much may be published by one connection on one channel: so many messages a second, and as many at once.
struct PublishAllowance: Sendable {
  private var spent = 0
  private var since: Int64 = 0

  /// Whether nothing of it counts any more.
  func isOver(at now: Int64) -> Bool { now >= since + 1000 || now < since }

  /// Whether `count` messages may be published at `now`, of at most `rate` in each second.
  mutating func take(_ count: Int, at now: Int64, rate: Int?) -> Bool {
    guard let rate else { return true }
    if isOver(at: now) {
      since = now
      spent = 0
    }
    guard spent + count <= rate else { return false }
    spent += count
    return true
  }
}
