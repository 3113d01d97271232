/// How long to wait before the next attempt (RTB1).
enum Backoff {
  /// - Parameters:
  ///   - initial: the wait that the options state.
  ///   - retry: how many attempts failed in a row before, from 0 (RTB1a).
  ///   - jitter: from 0.8 to 1 (RTB1b), so that many clients do not come back at one moment.
  static func delay(_ initial: Duration, retry: Int, jitter: Double) -> Duration {
    let coefficient = min(Double(max(retry, 0)) / 3 + 1, 2) * min(max(jitter, 0.8), 1)
    // Whole milliseconds, as they are told.
    return .milliseconds(Int64(min(initial / .milliseconds(1) * coefficient, 1e15).rounded()))
  }
}
