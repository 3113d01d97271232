internal import AblyTokens

/// A node's part in a cluster.
struct ClusterNode: Sendable {
  let id: String
  let log: any SharedLog
  let appender = LogAppender()
  let clock = NodeClock()
  let lease = NodeLease()

  /// How often the lease is renewed, in milliseconds. A log lets it run out after three or four times that.
  static let renewalInterval = 3000
}
