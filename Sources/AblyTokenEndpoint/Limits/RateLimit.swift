/// How often each caller may ask.
public struct RateLimit: Sendable, Hashable {
  /// How many requests.
  public let count: Int

  /// In how much time. After a pause of this length all of them can come at once.
  public let period: Duration

  /// - Parameters:
  ///   - count: how many requests, at least one.
  ///   - period: in how much time, at least a millisecond.
  public init(_ count: Int, per period: Duration) {
    self.count = max(count, 1)
    self.period = max(period, .milliseconds(1))
  }
}
