/// How long to wait before the next attempt (RTB1).
enum Backoff {
  /// - Parameters:
  ///   - initial: the wait that the options state.
  ///   - retry: how many attempts failed in a row before, from 0 (RTB1a).
  ///   - jitter: from 0.8 to 1 (RTB1b), so that many clients do not come back at one moment.
  static func delay(_ initial: Duration, retry: Int, jitter: Double) -> Duration {
    initial * (min(Double(retry + 3) / 3, 2) * min(max(jitter, 0.8), 1))
  }
}
