internal import AblyService

/// When old nonces are swept.
///
/// They lie in buckets by the moment until which their request is accepted. Those of a past bucket are let go
/// of, but not those of the present one. Buckets are short, so that what comes at about the same time lies together
/// on disk: marks are in no order, and among those of half a minute each would touch a page of its own.
struct NonceSweep: Sendable {
  static let limit = 2000

  /// What the horizon is called on disk.
  static let horizonName = "nonces are remembered from bucket"

  /// In milliseconds. Files hold what comes of it, so another one takes a migration.
  private static let bucketLength: Int64 = 100

  /// The first bucket of which nothing is forgotten.
  var horizon: Int64

  private var sweptUpTo = Int64.min

  init(horizon: Int64) { self.horizon = horizon }

  func isDue(at now: Int64) -> Bool { Self.bucket(of: now) > sweptUpTo }

  mutating func isDone(at now: Int64) { sweptUpTo = Self.bucket(of: now) }

  static func bucket(of time: Int64) -> Int64 { time.floored(by: bucketLength) }
}
