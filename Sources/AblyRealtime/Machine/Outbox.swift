internal import AblyTokens
internal import AblyWire

/// What was handed over to be sent: that which waits for a connection, and that which waits for the service's
/// confirmation (RTN7).
struct Outbox: Sendable {
  /// Who learns what became of it.
  enum Owner: Sendable {
    case ticket(Ticket)
    /// A member of this identity who enters again by itself (RTP17e).
    case reentry(Reentry)
  }

  /// A member who enters a channel again.
  struct Reentry: Sendable, Hashable {
    let channel: String
    let clientId: String
  }

  struct Entry: Sendable {
    var message: ProtocolMessage
    let owner: Owner
    /// The bytes that count against the service's limit (TO3l8).
    let size: Int
  }

  private(set) var waiting: [Entry] = []
  // A slice: what is confirmed leaves at its front, without moving the rest.
  private(set) var unconfirmed: ArraySlice<Entry> = []
  private(set) var nextSerial: Int64 = 0
  private(set) var load = OutboundLoad()
  /// Those that were sent and are not confirmed: whoever enters again need not do so twice at a time.
  private var reentries: Set<Reentry> = []

  /// For a connection that another one is continued by (RTN16f).
  mutating func begin(at serial: Int64) { nextSerial = serial }

  /// Whether there is room for it, beside what is held elsewhere. Members that enter again are as many as there are
  /// anyway.
  func takes(_ entry: Entry, beside held: OutboundLoad = OutboundLoad()) -> Bool {
    if case .reentry = entry.owner { true } else { (load + held).takes(entry.size) }
  }

  /// Whether the same member is about to enter again already.
  func repeats(_ entry: Entry) -> Bool {
    if case .reentry(let reentry) = entry.owner { reentries.contains(reentry) } else { false }
  }

  /// Keeps it until there is a connection (RTL6c2).
  mutating func wait(_ entry: Entry) {
    load.add(entry.size)
    waiting.append(entry)
  }

  /// Gives it its number (RTN7b).
  mutating func number(_ entry: consuming Entry) -> ProtocolMessage {
    load.add(entry.size)
    entry.message.msgSerial = nextSerial
    nextSerial += 1
    if case .reentry(let reentry) = entry.owner { reentries.insert(reentry) }
    let message = entry.message
    unconfirmed.append(entry)
    return message
  }

  /// What the service has to be told again on another socket (RTN19a): under the same numbers when the
  /// connection goes on, under new ones when it is another (RTN19a2). To that nobody enters again by an entry of the
  /// one before: those that are to be made as its channels are attached (RTP17g1).
  mutating func resend(isContinued: Bool) -> [ProtocolMessage] {
    guard !isContinued else { return unconfirmed.map(\.message) }
    let entries = giveUpUnconfirmed()
    nextSerial = 0
    var messages: [ProtocolMessage] = []
    for entry in entries {
      if case .ticket = entry.owner { messages.append(number(entry)) }
    }
    return messages
  }

  /// Takes out what waited for a connection.
  mutating func release() -> [Entry] {
    defer { waiting = [] }
    for entry in waiting { load.remove(entry.size) }
    return waiting
  }

  /// Takes out what was confirmed or refused, with its place among what the answer is about. Numbers of the
  /// service's making reach nothing else.
  mutating func confirmed(from serial: Int64, count: Int) -> [(place: Int, entry: Entry)] {
    let taken = taken(from: serial, count: count)
    for (_, entry) in taken { forget(entry) }
    // A slice keeps what has left at its front.
    if unconfirmed.isEmpty { unconfirmed = [] }
    return taken
  }

  private mutating func forget(_ entry: Entry) {
    load.remove(entry.size)
    if case .reentry(let reentry) = entry.owner { reentries.remove(reentry) }
  }

  private mutating func taken(from serial: Int64, count: Int) -> [(place: Int, entry: Entry)] {
    let place = { (entry: Entry) -> Int? in
      guard let own = entry.message.msgSerial, serial >= 0, own >= serial, own - serial < max(count, 1) else {
        return nil
      }
      return Int(own - serial)
    }
    var taken: [(place: Int, entry: Entry)] = []
    while let entry = unconfirmed.first, let place = place(entry) {
      taken.append((place, entry))
      unconfirmed.removeFirst()
    }
    guard taken.isEmpty else { return taken }
    for entry in unconfirmed { if let place = place(entry) { taken.append((place, entry)) } }
    if !taken.isEmpty { unconfirmed.removeAll { place($0) != nil } }
    return taken
  }

  /// Takes out those of what the service has not confirmed that are not to be sent again, with the reason.
  mutating func giveUpUnconfirmed(_ refusal: (Entry) -> ErrorInfo?) -> [(entry: Entry, error: ErrorInfo)] {
    var refused: [(entry: Entry, error: ErrorInfo)] = []
    unconfirmed.removeAll { entry in
      guard let error = refusal(entry) else { return false }
      refused.append((entry, error))
      return true
    }
    for (entry, _) in refused { forget(entry) }
    return refused
  }

  /// Takes out what the service has not confirmed.
  mutating func giveUpUnconfirmed() -> [Entry] {
    defer { unconfirmed = [] }
    for entry in unconfirmed { forget(entry) }
    return Array(unconfirmed)
  }

  /// Takes out everything, in order.
  mutating func giveUp() -> [Entry] { giveUpUnconfirmed() + release() }
}
