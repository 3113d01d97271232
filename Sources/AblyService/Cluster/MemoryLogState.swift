internal import AblyTokens

/// A shared log in memory, as a value: what PostgreSQL's does, in the same order and by the same rules.
struct MemoryLogState: Sendable {
  struct Member: Sendable {
    let node: SpeltText
    let event: LogEvent
  }

  struct Connection: Sendable {
    var node: SpeltText
    /// When it is forgotten, in milliseconds since 1970; `nil` while its node lives.
    var expires: Int64?
  }

  private struct Lease: Sendable {
    let number: Int
    var expires: Int64
  }

  private(set) var position = LogPosition.start
  private(set) var events: [LogEvent] = []
  private var rooms: [Int64: String] = [:]
  private var earlier: [String: LogReceipt.Place] = [:]
  private(set) var members: [String: [String: Member]] = [:]
  private var connections: [SpeltText: Connection] = [:]
  private var attachments: [SpeltText: [String: LogTaking.Attachment]] = [:]
  private var leases: [SpeltText: Lease] = [:]
  private var leaseCount = 0

  /// How long a node lives without a word, and a connection without its node, in milliseconds.
  static let leaseTime: Int64 = 10_000
  static let connectionTime = RealtimeSettings().connectionStateTTL

  /// At least so many of the latest events are kept, and at most twice as many.
  private let maximumEvents: Int

  init(maximumEvents: Int = 100_000) {
    self.maximumEvents = maximumEvents
  }

  mutating func append(_ entries: [LogEntry], by node: String, at now: Int64) -> [LogReceipt] {
    let node = SpeltText(node)
    if leases[node] == nil { addLease(of: node, at: now) }
    return entries.map { append($0, by: node, at: now) }
  }

  private mutating func append(_ entry: LogEntry, by node: SpeltText, at now: Int64) -> LogReceipt {
    let connection = SpeltText(entry.connection)
    switch entry.kind {
    case .message: return publish(entry, at: now)
    case .presence:
      guard holds(connection, node) else { return LogReceipt(nil, note: LogReceipt.moved) }
      change(entry, by: node, at: now)
    case .withdrawal, .detached:
      guard connections[connection]?.node == node else { return .nothing }
      withdraw(connection, from: entry.room, at: now)
      if entry.kind == .detached { attachments[connection]?[entry.room] = nil }
    case .ended:
      guard connections[connection]?.node == node else { return .nothing }
      for room in Array(members.keys) { withdraw(connection, from: room, at: now) }
      connections[connection] = nil
      attachments[connection] = nil
    case .attached:
      guard holds(connection, node) else { return .nothing }
      attachments[connection, default: [:]][entry.room] = LogTaking.Attachment(
        app: entry.app, channel: entry.channel, terms: entry.payload)
    case .opened: _ = holds(connection, node)
    case .demand:
      var event = LogEvent(next(at: now), .demand)
      event.payload = entry.payload
      keep(event)
    }
    return .nothing
  }

  private mutating func publish(_ entry: LogEntry, at now: Int64) -> LogReceipt {
    let known = entry.marks.enumerated().compactMap { index, mark in earlier[mark].map { (index, $0) } }
    if !entry.isEach, let place = known.first?.1 { return LogReceipt(place.position, note: nil) }
    let note = known.isEmpty ? nil : known.map { "\($0):\($1.text)" }.joined(separator: ",")
    if !known.isEmpty, known.count == entry.marks.count { return LogReceipt(nil, note: note) }
    let position = next(at: now)
    for (index, mark) in entry.marks.enumerated() where earlier[mark] == nil {
      earlier[mark] = LogReceipt.Place(position: position, index: index)
    }
    var event = LogEvent(position, .message)
    (event.app, event.channel, event.connection) = (entry.app, entry.channel, entry.connection)
    (event.head, event.payload, event.note) = (entry.head, entry.payload, note)
    keep(event, in: entry.room)
    return LogReceipt(position, note: note)
  }

  private mutating func change(_ entry: LogEntry, by node: SpeltText, at now: Int64) {
    let mark = entry.marks[0]
    let before = members[entry.room]?[mark]
    if entry.leaves, before == nil { return }
    var event = LogEvent(next(at: now), .presence)
    (event.app, event.channel, event.connection) = (entry.app, entry.channel, entry.connection)
    (event.head, event.payload, event.extras) = (entry.head, entry.payload, entry.extras)
    if entry.isBare, let before {
      event.payload = before.event.payload
      event.extras = entry.extras ?? before.event.extras
    }
    let presence: LogEvent.Presence = entry.leaves ? .leave : before == nil ? .enter : .update
    event.note = presence.rawValue
    members[entry.room, default: [:]][mark] = entry.leaves ? nil : Member(node: node, event: event)
    keep(event, in: entry.room)
  }

  private mutating func withdraw(_ connection: SpeltText, from room: String, at now: Int64) {
    for (mark, member) in members[room] ?? [:] where member.event.connection.isSpelt(as: connection.text) {
      remove(mark, from: room, .gone, at: now)
    }
  }

  private mutating func remove(
    _ mark: String, from room: String, _ presence: LogEvent.Presence, at now: Int64
  ) {
    guard let member = members[room]?.removeValue(forKey: mark) else { return }
    var event = LogEvent(next(at: now), .presence)
    event.app = member.event.app
    event.channel = member.event.channel
    event.connection = member.event.connection
    event.head = member.event.head
    event.payload = member.event.payload
    event.extras = member.event.extras
    event.note = presence.rawValue
    keep(event, in: room)
  }

  /// Whether a connection is at a node; one that nobody knows is where somebody speaks of it. Whoever does lives.
  private mutating func holds(_ connection: SpeltText, _ node: SpeltText) -> Bool {
    guard connections[connection].map({ $0.node == node }) ?? true else { return false }
    connections[connection] = Connection(node: node)
    return true
  }

  mutating func take(_ connection: String, by node: String, at now: Int64) -> LogTaking? {
    let (connection, node) = (SpeltText(connection), SpeltText(node))
    guard let known = connections[connection], known.expires ?? .max > now else { return nil }
    connections[connection] = Connection(node: node)
    for (room, marks) in members {
      for (mark, member) in marks where member.event.connection.isSpelt(as: connection.text) {
        members[room]?[mark] = Member(node: node, event: member.event)
      }
    }
    var event = LogEvent(next(at: now), .taken)
    event.connection = connection.text
    event.payload = node.text
    keep(event)
    return LogTaking(
      position: position,
      attachments: (attachments[connection] ?? [:]).sorted { $0.key < $1.key }.map(\.value))
  }

  /// Says that a node lives.
  @discardableResult
  mutating func renew(by node: String, at now: Int64) -> LogRenewal {
    let node = SpeltText(node)
    if leases[node] == nil { addLease(of: node, at: now) }
    leases[node]?.expires = now + Self.leaseTime
    return LogRenewal(
      moment: nil, lease: "\(leases[node]?.number ?? 0)", sequence: position.sequence)
  }

  private mutating func addLease(of node: SpeltText, at now: Int64) {
    leaseCount += 1
    leases[node] = Lease(number: leaseCount, expires: now + Self.leaseTime)
  }

  /// Nodes that do not live lose their members, and connections for which nobody came back are forgotten.
  mutating func bury(at now: Int64) {
    for dead in leases.filter({ $0.value.expires <= now }).keys.sorted(by: { $0.text < $1.text }) {
      bury(dead, at: now)
    }
    for (id, connection) in connections where connection.expires ?? .max <= now {
      connections[id] = nil
      attachments[id] = nil
    }
  }

  private mutating func bury(_ node: SpeltText, at now: Int64) {
    leases[node] = nil
    for (room, marks) in members {
      for (mark, member) in marks where member.node == node { remove(mark, from: room, .lapse, at: now) }
    }
    for (id, connection) in connections where connection.node == node {
      connections[id]?.expires = now + Self.connectionTime
    }
  }

  func occupants(of room: String, besides node: String) -> [Int64: Int] {
    let node = SpeltText(node)
    return attachments.reduce(into: [:]) { counts, attached in
      guard let connection = connections[attached.key], connection.node != node, connection.expires == nil,
        let terms = attached.value[room].flatMap({ try? JSONValue(parsing: $0.terms) }),
        let modes = terms["modes"]?.number?.int64
      else { return }
      counts[modes, default: 0] += 1
    }
  }

  func events(_ query: LogQuery) -> [LogEvent] {
    let found = events.filter { event in
      event.kind == query.kind && rooms[event.position.sequence] == query.room
        && query.times.contains(event.position.time)
        && query.sequences.contains(event.position.sequence)
    }
    var weight = 0
    let asked = (query.isBackwards ? found.reversed() : found).prefix(query.limit).prefix { event in
      defer { weight += event.weight }
      return weight <= query.maximumWeight
    }
    return query.isBackwards ? asked.reversed() : Array(asked)
  }

  private func next(at now: Int64) -> LogPosition {
    LogPosition(sequence: position.sequence + 1, time: max(position.time, now))
  }

  private mutating func keep(_ event: LogEvent, in room: String? = nil) {
    position = event.position
    events.append(event)
    rooms[position.sequence] = room
    guard events.count > 2 * maximumEvents else { return }
    let last = events.prefix(maximumEvents).last?.position ?? .start
    for old in events.prefix(maximumEvents) { rooms[old.position.sequence] = nil }
    earlier = earlier.filter { $0.value.position > last }
    events.removeFirst(maximumEvents)
  }
}

extension LogReceipt.Place {
  fileprivate var text: String { "\(position.sequence):\(position.time):\(index)" }
}
