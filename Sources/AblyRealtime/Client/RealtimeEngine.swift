internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Logging
internal import Synchronization

/// Feeds what happens to the machine, and carries out what it says.
///
/// Nothing waits in here. The machine is asked under a lock; what it says is carried out without the lock, in
/// order, by one at a time: whoever comes meanwhile leaves the rest to the one who is at it.
final class RealtimeEngine: Sendable {
  let rest: RESTClient
  let query: ConnectionQuery
  let transport: any RealtimeTransport
  let surroundings: Surroundings
  let format: WireFormat
  let options: ClientOptions
  let logger: Logger

  let changes = EventHub<Numbered<ConnectionStateChange>>(buffering: .bufferingNewest(1024))
  let listeners = ChannelListeners()
  let alarm = Alarm()
  let jobs: AsyncStream<RealtimeJob>
  let newJobs: AsyncStream<RealtimeJob>.Continuation
  let room: Locked<Room>
  let lastTicket = Atomic(0)

  /// What the lock guards.
  struct Room: Sendable {
    var machine: RealtimeMachine
    var phase = Phase.new(connects: nil)
    var isBusy = false
    var socket: (any RealtimeSocket)?
    var callers: [Ticket: Caller] = [:]
    var channelNames: Set<String> = []
    /// How many effects were taken out.
    var taken = 0

    /// The number of the next effect.
    var nextNumber: Int { taken + machine.effects.count }

    /// Takes out what is to be done, the number of the first, and in their order those who are told what became of what
    /// they asked for; `nil` for one who no longer waits.
    mutating func takeEffects() -> (effects: [RealtimeEffect], first: Int, callers: [Caller?]) {
      let (effects, first) = (machine.takeEffects(), taken)
      taken += effects.count
      isBusy = !effects.isEmpty
      var callers: [Caller?] = []
      for case .complete(let ticket, _) in effects {
        callers.append(self.callers.removeValue(forKey: ticket))
      }
      return (effects, first, callers)
    }
  }

  /// One who waits for what becomes of something.
  typealias Caller = CheckedContinuation<Result<Answer, ErrorInfo>, Never>

  /// How far the client's life has come.
  enum Phase: Sendable {
    /// It does not run yet. Becomes `running`.
    /// Whether it connects when it runs; `nil` where nobody has said.
    case new(connects: Bool?)
    /// Becomes `ending`.
    case running
    /// It was told to end, and closes its connection. Becomes `over`.
    case ending
    case over
  }

  init(
    _ options: ClientOptions, rest: RESTClient, transport: any RealtimeTransport, surroundings: Surroundings
  ) {
    self.rest = rest
    self.transport = transport
    self.surroundings = surroundings
    self.options = options
    query = ConnectionQuery(options)
    format = WireFormat(options)
    logger = options.logger
    (jobs, newJobs) = AsyncStream.makeStream(of: RealtimeJob.self)
    let recovery = options.recover.flatMap { RecoveryKey($0) }
    if options.recover != nil, recovery == nil {
      options.logger.error("ClientOptions.recover is no recovery key; the connection begins anew")
    }
    room = Locked(
      Room(machine: RealtimeMachine(RealtimeSettings(options, at: rest.endpoint), recovering: recovery)))
    rest.auth.connection = self
  }

  deinit {
    room.withLock(\.socket)?.close()
    finish()
  }

  /// Something happened.
  ///
  /// - Parameter isSo: is asked under the lock; unless it says so, nothing has happened.
  func handle(_ event: RealtimeEvent, if isSo: (inout Room) -> Bool = { _ in true }) {
    let moment = surroundings.moment(rest.auth)
    let isFree = room.withLock { room in
      guard isSo(&room) else { return false }
      let earlier = room.machine.effects.count
      room.machine.note(event, at: moment)
      // Whoever sees the state that goes with it finds the rest as well.
      for effect in room.machine.effects[earlier...] { reveal(effect, in: &room) }
      alarm.set(room.machine.deadlines.next)
      guard !room.isBusy, !room.machine.effects.isEmpty else { return false }
      room.isBusy = true
      return true
    }
    if isFree { carryOut() }
  }

  private func reveal(_ effect: RealtimeEffect, in room: inout Room) {
    switch effect {
    case .released(let name):
      room.channelNames.remove(name)
      listeners.leave(name)
    case .identified(let clientId): rest.auth.confirmed(clientId: clientId)
    case .stands(let origin): rest.prefer(origin)
    default: break
    }
  }

  /// How much one who came with an event carries out, before the rest is left to the run's own task.
  static let maximumShare = 256

  /// Carries out what is to be done, also what others come with meanwhile.
  ///
  /// - Parameter share: after how many effects somebody else is to go on, if there is one.
  func carryOut(atMost share: Int = RealtimeEngine.maximumShare) {
    var count = 0
    while true {
      let (effects, first, callers) = room.withLock { $0.takeEffects() }
      guard !effects.isEmpty else { return }
      var next = callers.makeIterator()
      for (index, effect) in effects.enumerated() {
        perform(effect, number: first + index) { next.next() ?? nil }
      }
      count += effects.count
      if count >= share, leavesRest() { return }
    }
  }

  /// Whether the run's own task goes on: nobody who came with one event is kept as long as others come with more.
  private func leavesRest() -> Bool {
    let isRunning = room.withLock { room in
      switch room.phase {
      case .running, .ending: true
      case .new, .over: false
      }
    }
    guard isRunning, case .enqueued = newJobs.yield(.carryOut) else { return false }
    return true
  }

  /// The changes from now on: not those that happened before, and are yet to be told.
  ///
  /// - Parameter hub: is asked for under the lock, so that it is that of the channel there is now.
  func subscribe<Change: Sendable>(
    to hub: @autoclosure () -> EventHub<Numbered<Change>>
  ) -> StateChanges<Change> {
    room.withLock { StateChanges(hub().subscribe(), from: $0.nextNumber) }
  }

  /// What comes on a channel from now on, which is told that somebody listens.
  func listen<Element: Sendable>(
    to name: String, _ fanout: KeyPath<ChannelListeners.Entry, Fanout<Element>>, isOfMessages: Bool,
    limit: Int, wants: @escaping @Sendable (Element) -> Bool
  ) -> ChannelSequence<Element> {
    var sequence: ChannelSequence<Element>?
    // Under one lock: a release comes before both, or after them.
    handle(.channel(name, .listen(toMessages: isOfMessages))) { _ in
      sequence = listeners[name][keyPath: fanout].subscribe(limit: limit, wants: wants)
      return true
    }
    return sequence ?? ChannelSequence { _ in nil }
  }

  /// Waits for a change.
  ///
  /// - Returns: `nil` where what it leads to is so already.
  /// - Throws: 40033 when the task is cancelled, and why there are no changes any more.
  func change<Change: Sendable>(
    of hub: @autoclosure () -> EventHub<Numbered<Change>>, to isMeant: (Change) -> Bool,
    unless isSo: (RealtimeMachine) -> Bool
  ) async throws(ErrorInfo) -> Change? {
    let changes = room.withLock { room in
      isSo(room.machine) ? nil : StateChanges(hub().subscribe(), from: room.nextNumber)
    }
    guard let changes else { return nil }
    for await change in changes where isMeant(change) { return change }
    if Task.isCancelled { throw .cancelled }
    throw read(\.hasEnded) ? .clientIsOver : .channelIsReleased
  }

  /// Something of the machine's present state.
  func read<Value: Sendable>(_ body: (RealtimeMachine) -> Value) -> Value {
    room.withLock { body($0.machine) }
  }
}
