/// What a node that joins has to know.
package struct LogBeginning: Sendable {
  /// The log among all logs; a part of every serial.
  package let log: String

  /// What the keys of connections are sealed with.
  package let secret: [UInt8]

  /// Up to where the rest goes.
  package let position: LogPosition

  /// Who is present: the event by which each came to be as it is.
  package let members: [LogEvent]

  /// The last place before the tail.
  package let before: LogPosition

  /// The latest events, oldest first: so much as is needed to take up a connection.
  package let tail: [LogEvent]

  /// Puts them together.
  package init(
    log: String, secret: [UInt8], position: LogPosition, members: [LogEvent], before: LogPosition,
    tail: [LogEvent]
  ) {
    self.log = log
    self.secret = secret
    self.position = position
    self.members = members
    self.before = before
    self.tail = tail
  }

  /// How far back the tail has to go, in milliseconds: longer than a connection waits for its client.
  package static let tailTime: Int64 = 300_000

  /// The most events of it, and what their texts may take, in bytes.
  package static let maximumTail = 20_000
  package static let maximumTailBytes = 64 << 20
}
