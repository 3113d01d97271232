/// What stands in a shared log.
package struct LogEvent: Sendable, Hashable {
  package enum Kind: String, Sendable {
    case message = "m"
    case presence = "p"
    /// A connection goes on at the node that ``payload`` names.
    case taken = "t"
    /// Every node is to do something to its clients: ``payload`` says what.
    case demand = "d"
  }

  package let position: LogPosition
  package let kind: Kind
  package var app = ""
  package var channel = ""
  package var connection = ""
  package var head = ""
  package var payload = ""
  package var extras: String?

  /// Of messages those that were published before, see ``LogReceipt``; of a member a ``Presence``.
  package var note: String?

  /// What it takes, in bytes, roughly. A log reckons in the same way.
  package var weight: Int { 256 + head.utf8.count + payload.utf8.count + (extras?.utf8.count ?? 0) }

  /// What became of a member.
  package enum Presence: String, Sendable {
    case enter, update
    /// It left by its own will.
    case leave
    /// Its connection is over, or has nothing to do with the channel any more.
    case gone
    /// The lease of its node ran out.
    case lapse
  }

  package init(_ position: LogPosition, _ kind: Kind) {
    self.position = position
    self.kind = kind
  }
}
