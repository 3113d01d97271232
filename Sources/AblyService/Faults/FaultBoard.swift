internal import AblyTokens

/// The rules that hold now, and how often each has met something.
struct FaultBoard: Sendable {
  private struct Entry {
    var rule: FaultRule
    var met = 0
    var done = 0

    var json: JSONValue {
      var members = rule.json.object ?? [:]
      members["met"] = .number(JSONNumber(met))
      members["applied"] = .number(JSONNumber(done))
      return .object(members)
    }
  }

  private var entries: [Entry] = []

  /// Rules that were applied as often as they were to be, the latest last.
  private var spent: [Entry] = []

  private static let maximumSpent = 100

  /// Rules that wait for a moment, with the connection they wait on.
  private var timed: [(time: Int64, transport: TransportID, action: FaultRule.Action)] = []

  var isEmpty: Bool { entries.isEmpty && timed.isEmpty }

  /// The rules, and how often each has met something and been applied; those that are over as well.
  var json: JSONValue {
    [
      "count": .number(JSONNumber(entries.count)), "rules": .array(entries.map(\.json)),
      "spent": .array(spent.map(\.json)),
    ]
  }

  enum Position: String, Sendable {
    case append, prepend
  }

  mutating func add(_ rules: [FaultRule], _ position: Position) {
    let added = rules.map { Entry(rule: $0) }
    entries = position == .append ? entries + added : added + entries
  }

  mutating func clear() {
    entries = []
    spent = []
    timed = []
  }

  /// What is to happen; `nil` for nothing. The first rule that meets the event decides.
  mutating func action(for event: FaultEvent) -> FaultRule.Action? {
    for index in entries.indices where entries[index].rule.match.meets(event) {
      entries[index].met += 1
      if let count = entries[index].rule.match.count, count != entries[index].met { continue }
      return carryOut(index)
    }
    return nil
  }

  /// Somebody has connected: the rules that are to meet them later are noted.
  mutating func noteConnect(_ transport: TransportID, at now: Int64) {
    for index in entries.indices.reversed() {
      guard case .afterConnect(let delay) = entries[index].rule.match else { continue }
      entries[index].met += 1
      timed.append((now + delay, transport, carryOut(index)))
    }
  }

  private mutating func carryOut(_ index: Int) -> FaultRule.Action {
    entries[index].done += 1
    let entry = entries[index]
    if let times = entry.rule.times, entry.done >= times { retire(index) }
    return entry.rule.action
  }

  private mutating func retire(_ index: Int) {
    spent.append(entries.remove(at: index))
    if spent.count > Self.maximumSpent { spent.removeFirst() }
  }

  var nextDeadline: Int64? { timed.map(\.time).min() }

  /// What is due on which connection.
  mutating func takeDue(at now: Int64) -> [(TransportID, FaultRule.Action)] {
    let due = timed.filter { $0.time <= now }
    timed.removeAll { $0.time <= now }
    return due.sorted { $0.time < $1.time }.map { ($0.transport, $0.action) }
  }
}
