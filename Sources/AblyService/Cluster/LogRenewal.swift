/// What a node learns when it renews its lease.
package struct LogRenewal: Sendable, Hashable {
  /// A moment of the call by the log's own clock, in milliseconds since 1970; `nil` where it has none.
  package let moment: Int64?

  /// Tells the lease from others of the same node: it is another one where the node was taken for dead in between.
  package let lease: String

  /// The last that the log held once it was renewed, counted as in ``LogPosition``.
  package let sequence: Int64

  /// Puts them together.
  package init(moment: Int64?, lease: String, sequence: Int64) {
    self.moment = moment
    self.lease = lease
    self.sequence = sequence
  }
}
