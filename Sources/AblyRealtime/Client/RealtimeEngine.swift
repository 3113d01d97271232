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

  let changes = EventHub<ConnectionStateChange>(buffering: .bufferingNewest(1024))
  let listeners = ChannelListeners()
  let alarm = Alarm()
  let jobs: AsyncStream<RealtimeJob>
  let newJobs: AsyncStream<RealtimeJob>.Continuation
  let room: Locked<Room>

  /// What the lock guards.
  struct Room: Sendable {
    var machine: RealtimeMachine
    var phase = Phase.new(connects: false)
    var effects: [RealtimeEffect] = []
    var isBusy = false
    var socket: (any RealtimeSocket)?
    var callers: [Ticket: CheckedContinuation<Result<Answer, ErrorInfo>, Never>] = [:]
    var lastTicket = 0
    var channelNames: Set<String> = []
  }

  /// How far the client's life has come.
  enum Phase: Sendable {
    /// It does not run yet. Becomes `running`.
    case new(connects: Bool)
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
  func handle(_ event: RealtimeEvent) {
    let moment = surroundings.moment(rest.auth)
    let isFree = room.withLock { room in
      let effects = room.machine.handle(event, at: moment)
      // Whoever sees the state that goes with it finds the rest as well.
      for effect in effects { reveal(effect) }
      room.effects += effects
      alarm.set(room.machine.deadlines.next)
      defer { room.isBusy = true }
      return !room.isBusy
    }
    if isFree { carryOut() }
  }

  private func reveal(_ effect: RealtimeEffect) {
    switch effect {
    case .identified(let clientId): rest.auth.confirmed(clientId: clientId)
    case .stands(let origin): rest.prefer(origin)
    default: break
    }
  }

  private func carryOut() {
    while true {
      let effects = room.withLock { room in
        defer { room.effects = [] }
        room.isBusy = !room.effects.isEmpty
        return room.effects
      }
      guard !effects.isEmpty else { return }
      for effect in effects { perform(effect) }
    }
  }

  /// The changes from this moment on; `nil` where what is waited for is so already.
  func changes<Change: Sendable>(
    of hub: EventHub<Change>, unless isSo: (RealtimeMachine) -> Bool
  ) -> StateChanges<Change>? {
    room.withLock { isSo($0.machine) ? nil : StateChanges(hub.subscribe()) }
  }

  /// Something of the machine's present state.
  func read<Value: Sendable>(_ body: (RealtimeMachine) -> Value) -> Value {
    room.withLock { body($0.machine) }
  }
}
