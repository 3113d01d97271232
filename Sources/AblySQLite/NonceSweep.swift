internal import AblyService

/// When old nonces are swept.
///
/// They lie in buckets by the moment until which their request is accepted. Those of a past bucket are let go
/// of, but not those of the present one.
struct NonceSweep: Sendable {
  static let limit = 2000

  private static let bucketLength: Int64 = 30_000

  private var sweptUpTo = Int64.min

  func isDue(at now: Int64) -> Bool { Self.bucket(of: now) > sweptUpTo }

  mutating func isDone(at now: Int64) { sweptUpTo = Self.bucket(of: now) }

  static func bucket(of time: Int64) -> Int64 { time.floored(by: bucketLength) }
}
