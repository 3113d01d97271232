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
  /// - Parameter isWaitedFor: whether it is the service that takes its time.
  func nextLook(at now: NIODeadline, isWaitedFor: Bool) -> NIODeadline? {
    if isWaitedFor { return now + limit }
    return now - lastSign < limit ? lastSign + limit : nil
  }
}
