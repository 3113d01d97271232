/// Remembers which token requests have been exchanged.
///
/// A request is asked about last, after every other check has passed: one that is refused has not been used,
/// and its signer may cure what was wrong (a clock, a key's capability) and send the very same request again.
/// Asking is also admitting, in one step, so that of two equal requests at one moment only one passes.
///
/// Memory is bounded by the window: a request is refused by its timestamp once it is two minutes old, so what
/// is older need not be remembered. It is forgotten by whole buckets.
struct ReplayGuard: Sendable {
  typealias Verdict = NonceVerdict
  typealias Mark = NonceMark

  private static let bucketLength: Int64 = 30_000

  private var buckets: [Int64: Set<Mark>] = [:]
  private var firstRemembered = Int64.min

  /// How many requests are remembered.
  var count: Int { buckets.values.reduce(0) { $0 + $1.count } }

  /// Asks about a request and admits it. Both times are milliseconds since 1970, the request's having been
  /// found close enough to `now`.
  mutating func admit(_ mark: Mark, timestamp: Int64, now: Int64) -> Verdict {
    sweep(now)
    let bucket = Self.bucket(of: timestamp)
    guard bucket >= firstRemembered else { return .forgotten }
    return buckets[bucket, default: []].insert(mark).inserted ? .fresh : .seen
  }

  private mutating func sweep(_ now: Int64) {
    let (oldest, overflow) = now.subtractingReportingOverflow(TokenAuthority.timestampTolerance)
    let first = overflow ? Int64.min : Self.bucket(of: oldest)
    guard first > firstRemembered else { return }
    firstRemembered = first
    buckets = buckets.filter { $0.key >= first }
  }

  private static func bucket(of time: Int64) -> Int64 { time.floored(by: bucketLength) }
}
