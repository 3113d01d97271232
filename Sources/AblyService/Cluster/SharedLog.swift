package import AblyTokens

/// A store that nodes share may keep what they tell each other, too.
package protocol LogKeeper {
  /// What its nodes tell each other; `nil` where there is one node.
  var log: (any SharedLog)? { get }
}

/// What the nodes of a cluster tell each other: messages, members that come and go, connections that move.
///
/// All of it stands in one order, which is the same for every node. What ``append(_:by:at:)`` returned is stored for good.
/// A node that renews its lease too late counts as dead: others bury it, and its members leave.
///
/// Times are milliseconds since 1970. A log that has a clock of its own goes by that one.
package protocol SharedLog: Sendable {
  /// A node joins: what it has to know to go on from there.
  ///
  /// - Throws: 50004 with status 503 when the log cannot be read.
  func begin(by node: String, at now: Int64) async throws(ErrorInfo) -> LogBeginning

  /// Appends entries, all of them or none, and says what became of each.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored, or nobody knows whether it was; another code when
  ///   one of the entries cannot be stored at all.
  func append(_ entries: [LogEntry], by node: String, at now: Int64) async throws(ErrorInfo) -> [LogReceipt]

  /// A connection goes on at this node; `nil` where it is over or never was.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  func take(_ connectionId: String, by node: String, at now: Int64) async throws(ErrorInfo) -> LogTaking?

  /// Some of what happened on one channel, oldest first: not more than the limit, nor than the first event, from the end
  /// that is asked for, with which it takes more than it may.
  ///
  /// - Throws: 50004 with status 503 when the log cannot be read.
  func events(_ query: LogQuery) async throws(ErrorInfo) -> [LogEvent]

  /// How many connections of other nodes than this have attached a channel, by their modes. A node that is dead does not
  /// count.
  ///
  /// - Throws: 50004 with status 503 when the log cannot be read.
  func occupants(of room: String, besides node: String) async throws(ErrorInfo) -> [Int64: Int]

  /// Says that the node lives. It waits for nobody who appends or buries.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  @discardableResult
  func renew(by node: String, at now: Int64) async throws(ErrorInfo) -> LogRenewal

  /// Lets members of nodes that are dead leave, and forgets connections for which nobody came back: so many as take a
  /// moment.
  ///
  /// - Returns: whether there may be more.
  /// - Throws: 50004 with status 503 when nothing can be stored.
  @discardableResult
  func bury(at now: Int64) async throws(ErrorInfo) -> Bool

  /// Tells what was appended after a position, by whatever node and in order, until the task is cancelled. A log that
  /// loses its connection connects again, and leaves nothing out.
  ///
  /// - Throws: an error that no waiting cures: what comes next is not kept any more.
  func follow(
    after position: LogPosition, _ apply: @escaping @Sendable ([LogEvent]) -> Void
  ) async throws(ErrorInfo)
}
