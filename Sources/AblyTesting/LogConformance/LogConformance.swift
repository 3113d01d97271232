package import AblyService

/// Something that every log of a cluster has to do, as a check to run against one with nothing in it.
package struct LogConformance: Sendable, CustomStringConvertible {
  /// What the log has to do.
  package let name: String

  private let body: @Sendable (any SharedLog) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (any SharedLog) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Runs the check.
  ///
  /// - Throws: ``StoreViolation`` when the log does something else; what the log throws.
  package func run(on log: any SharedLog) async throws { try await body(log) }

  /// All of them.
  package static let checks =
    orderChecks + repetitionChecks + memberChecks + connectionChecks + spellingChecks

  /// The same as ``name``.
  package var description: String { name }

  static let start: Int64 = 1_700_000_000_000

  static let room = String(repeating: "0a", count: 16)

  static func mark(_ byte: String) -> String { String(repeating: byte, count: 16) }

  static func message(_ payload: String, _ marks: [String] = [], isEach: Bool = false) -> LogEntry {
    var entry = LogEntry(.message)
    (entry.app, entry.channel, entry.room) = ("app", "channel", room)
    (entry.head, entry.payload) = ("base", payload)
    (entry.marks, entry.isEach) = (marks, isEach)
    return entry
  }

  static func member(
    _ payload: String, of connection: String, _ mark: String = mark("01"), leaves: Bool = false,
    isBare: Bool = false
  ) -> LogEntry {
    var entry = about(.presence, connection)
    (entry.marks, entry.leaves, entry.isBare) = ([mark], leaves, isBare)
    (entry.head, entry.payload) = ("head of \(payload)", payload)
    return entry
  }

  static func about(_ kind: LogEntry.Kind, _ connection: String) -> LogEntry {
    var entry = LogEntry(kind)
    (entry.app, entry.channel, entry.room, entry.connection) = ("app", "channel", room, connection)
    return entry
  }

  static func query(
    _ kind: LogEvent.Kind = .message, backwards: Bool = false, limit: Int = 100,
    maximumWeight: Int = 1 << 20, sequences: ClosedRange<Int64> = 0...Int64.max
  ) -> LogQuery {
    LogQuery(
      room: room, kind: kind, isBackwards: backwards, limit: limit, maximumWeight: maximumWeight,
      times: 0...Int64.max, sequences: sequences)
  }

  /// What became of the members of the channel, oldest first.
  static func notes(_ log: any SharedLog) async throws -> [String] {
    try await log.events(query(.presence)).map { "\($0.note ?? "") \($0.payload)" }
  }
}
