internal import AblyTokens
internal import AblyWire

/// All connections, the channels they have attached, and what was published on them.
///
/// It decides without waiting, and knows neither socket nor clock: events go in with their time, and what is
/// to be done about sockets collects in ``effects``. What REST and realtime clients publish passes here, so
/// that a channel has one order for all who look at it.
struct RealtimeHub: Sendable {
  let settings: RealtimeSettings

  /// The node, for people who look for an error (CD2g).
  let serverId: String

  var store: ChannelStore

  /// What it goes by where other nodes have a part in its channels.
  var sharing: NodeTerms?

  var sessions: [String: Session] = [:]
  var owners: [TransportID: String] = [:]
  var rooms: [ChannelAddress: Room] = [:]

  /// What all members take in memory, in bytes, roughly.
  var memberWeight = 0

  /// What all attachments take in memory, and those of connections that wait for their clients, in bytes, roughly.
  var attachmentWeight = 0
  var waitingWeight = 0

  /// The connections that wait for their clients to come back, in the order in which those left.
  var waiting = WaitingQueue()

  /// The latest, and those that do not apply yet: whoever is about to connect is meant as well.
  var notices: Set<RevocationNotice> = []
  var noticesForgottenAt: Int64?

  var names = RecentName()

  /// What more publishes of the same moment may be added to.
  var openAck: OpenAck?
  var openDelivery: OpenDelivery?

  private var deadlines = DeadlineQueue()
  private var effects: [RealtimeEffect] = []

  init(serverId: String, settings: RealtimeSettings) {
    self.serverId = serverId
    self.settings = settings
    store = ChannelStore(node: serverId)
  }

  /// What is to be done about sockets since this was asked last, in order.
  mutating func takeEffects() -> [RealtimeEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// When something is due next.
  var nextDeadline: Int64? { deadlines.first }

  /// Whether somebody is connected to an app, or may come back to it.
  func isConnected(app appId: String) -> Bool { sessions.values.contains { $0.principal.appId == appId } }

  func session(over transport: TransportID) -> Session? { owners[transport].flatMap { sessions[$0] } }

  // MARK: - What the other files of this type are made of

  /// Keeps a place among the effects for one that is not known yet.
  mutating func reserve() -> Int {
    effects.append(.none)
    return effects.count - 1
  }

  mutating func replace(at place: Int, _ effect: RealtimeEffect) { effects[place] = effect }

  mutating func send(_ frame: OutgoingFrame, to id: String, now: Int64) {
    if let transport = transport(sendingTo: id, now: now) { effects.append(.send(transport, frame)) }
  }

  /// The socket of a connection to which something is about to be sent; `nil` while it has none.
  mutating func transport(sendingTo id: String, now: Int64) -> TransportID? {
    // In its place: a session is much to take out and put back for every frame.
    guard let place = sessions.index(forKey: id), let transport = sessions.values[place].transport else {
      return nil
    }
    sessions.values[place].noteSent(at: now)
    return transport
  }

  mutating func send(_ message: ProtocolMessage, to id: String, now: Int64) {
    send(OutgoingFrame(message), to: id, now: now)
  }

  mutating func send(_ message: ProtocolMessage, over transport: TransportID) {
    effects.append(.send(transport, OutgoingFrame(message)))
  }

  /// Hands entries to the log; who waits for an answer is told by ``settle(_:_:now:)``.
  mutating func append(_ entries: [LogEntry], _ ticket: LogTicket?) {
    effects.append(.append(entries, ticket))
  }

  /// Changes what waits for an answer on a connection, and has its socket read on or not.
  @discardableResult
  mutating func changeAnswers<Result>(
    of id: String, _ change: (inout AnswerQueue) -> Result
  ) -> Result? {
    guard let place = sessions.index(forKey: id) else { return nil }
    let wasFull = sessions.values[place].answers.isFull
    let result = change(&sessions.values[place].answers)
    let isFull = sessions.values[place].answers.isFull
    if isFull != wasFull, let transport = sessions.values[place].transport {
      effects.append(.hold(transport, isFull))
    }
    return result
  }

  /// Something is refused with this code; for the count of such.
  mutating func note(_ code: ErrorInfo.Code, endOf transport: TransportID? = nil) {
    effects.append(.refused(transport, code))
  }

  mutating func ping(_ transport: TransportID) { effects.append(.ping(transport)) }

  /// The socket is closed, and nothing that comes from it counts any more.
  mutating func close(_ transport: TransportID) {
    owners[transport] = nil
    effects.append(.close(transport))
  }

  /// Sees to it that the connection is looked at when something is due.
  mutating func schedule(_ id: String) {
    guard let session = sessions[id], let next = session.nextDeadline(settings) else { return }
    if let scheduledAt = session.scheduledAt, scheduledAt <= next { return }
    sessions[id]?.scheduledAt = next
    deadlines.insert(DeadlineQueue.Entry(time: next, connectionId: id))
  }

  /// The connection of the earliest entry that is due. An entry that another one has overtaken is dropped.
  mutating func takeScheduled(dueAt now: Int64) -> String? {
    while let entry = deadlines.take(dueAt: now) {
      guard sessions[entry.connectionId]?.scheduledAt == entry.time else { continue }
      sessions[entry.connectionId]?.scheduledAt = nil
      return entry.connectionId
    }
    return nil
  }
}
