/// What a node asks a shared log to do.
///
/// The texts of messages and members are JSON, for the nodes to read: a log keeps them as they are. What it tells
/// apart by is in ``room`` and ``marks``: hashes of one length, whatever their clients wrote.
package struct LogEntry: Sendable, Hashable {
  package enum Kind: String, Sendable {
    /// Messages of one publish.
    case message = "m"
    /// A member enters, changes or leaves.
    case presence = "p"
    /// The members of a connection leave a channel.
    case withdrawal = "g"
    /// They leave it, and the connection has nothing to do with it any more.
    case detached = "x"
    /// A connection is over, with all its members.
    case ended = "e"
    /// A connection has attached a channel.
    case attached = "a"
    /// A connection has begun.
    case opened = "o"
    /// Every node is to do something to its clients, such as to ask for another token.
    case demand = "d"
  }

  package let kind: Kind
  package var app = ""
  package var channel = ""

  /// The channel's mark, in hexadecimal digits.
  package var room = ""

  package var connection = ""

  /// Of messages what makes them the same when they come again: one for each, or one for all of them. Of a member the
  /// one mark it has.
  package var marks: [String] = []

  /// Whether each message has a mark of its own.
  package var isEach = false

  /// Whether a member leaves; else it enters, or changes where it is there.
  package var leaves = false

  /// Whether a member that leaves is shown with what it carried until now.
  package var isBare = false

  package var head = ""
  package var payload = ""
  package var extras: String?

  package init(_ kind: Kind) { self.kind = kind }

  /// What it takes in memory, roughly.
  var weight: Int {
    256 + channel.utf8.count + head.utf8.count + payload.utf8.count + (extras?.utf8.count ?? 0)
  }
}
