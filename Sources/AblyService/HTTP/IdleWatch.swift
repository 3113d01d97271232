internal import NIOCore

/// Tells whether a connection stands still for too long, by looks at it from time to time.
struct IdleWatch: Sendable {
  private let limit: TimeAmount

  /// When something was last read or answered.
  var lastSign: NIODeadline

  init(limit: TimeAmount, since now: NIODeadline) {
    self.limit = limit
    lastSign = now
  }

  /// When to look again; `nil` where it has stood still for too long.
  ///
  /// - Parameter isWaitedFor: whether the service takes its time, or an answer is on its way: others watch over that.
  mutating func nextLook(at now: NIODeadline, isWaitedFor: Bool) -> NIODeadline? {
    if isWaitedFor { lastSign = now }
    return now - lastSign < limit ? lastSign + limit : nil
  }
}
