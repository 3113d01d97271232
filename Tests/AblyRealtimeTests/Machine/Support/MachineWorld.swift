internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

/// What surrounds a machine, and what must hold whatever happens in it.
struct MachineWorld {
  static let names = ["a", "b", "c"]
  static let connectionIds = ["one", "two", "three"]
  static let people = ["me", "x", "y", "z"]
  /// Data of messages, from what always fits to that of which a few fill the outbox.
  static let texts = [0, 1000, 60_000, 65_536, 12 << 20].map {
    MessageData.string(String(repeating: "x", count: $0))
  }

  var bench: MachineBench
  var random: SeededGenerator
  /// Whether hardly any attempt succeeds, so that some connections are suspended.
  let isGloomy: Bool
  /// Whether messages may be so large that a few fill the outbox.
  let isHeavy: Bool
  let isRecovering: Bool

  // MARK: The service and the network

  /// The sockets that are open: never more than one.
  var sockets: Set<Int> = []
  /// Whether the present one got its first CONNECTED.
  var isConfirmed = false
  /// What the service said the connection is, and its key.
  var connectionId: String?
  var connectionKey: String?
  var lastKey = 0
  /// What the machine waits for.
  var duties: [Duty] = []
  /// The numbers of messages that cannot be written, and their writer is about to say so.
  var unwritten: [Int64] = []

  // MARK: Tokens

  /// The client's token, as its `Auth` has it.
  var token: Credentials?
  var refused: Set<Int> = []
  /// The newest token that the machine was told of.
  var told = 0
  /// The calls of `authorize` under way, with the token of those that have one: they tell it when they get to it.
  var authorizations: [(call: Int, token: Credentials?)] = []
  var lastCall = 0

  // MARK: What users see

  var tickets: Set<Ticket> = []
  var outcomes: [Ticket: Int] = [:]
  var state = ConnectionState.initialized
  var channelStates: [String: ChannelState] = [:]
  var hasEnded = false
  var isOver = false
  var reached = Reached()

  enum Duty {
    case authenticate(Int, refused: Int?, found: Credentials?)
    case reauthenticate
    case find(Int)
    case confirm(Int)
    case answer(Int, ProtocolMessage)
  }

  /// What has come about: a check of what never happens checks nothing.
  struct Reached {
    var states: Set<ConnectionState> = []
    var channelStates: Set<ChannelState> = []
    var events: Set<Event> = []

    enum Event: CaseIterable {
      case unwritten, tooLarge, tooMuch, frameTooLarge, reentered, recovered, resumed, manyOwn
    }

    mutating func formUnion(_ other: Reached) {
      states.formUnion(other.states)
      channelStates.formUnion(other.channelStates)
      events.formUnion(other.events)
    }
  }

  init(seed: UInt64) throws {
    isGloomy = seed.isMultiple(of: 4)
    isHeavy = seed.isMultiple(of: 3)
    isRecovering = seed.isMultiple(of: 5)
    random = SeededGenerator(seed: seed)
    let queues = Int.random(in: 0..<3, using: &random) > 0
    let hasFallbacks = Bool.random(using: &random)
    let limit = isHeavy ? 64 << 20 : 65_536
    let recovery = RecoveryKey(
      connectionKey: Secret("key-0"), msgSerial: 7, channelSerials: ["a": "s", "b": "t"])
    bench = try MachineBench(recover: isRecovering ? recovery : nil) { options in
      options.queueMessages = queues
      options.clientId = "me"
      options.maxMessageSize = limit
      options.maxFrameSize = 2 * limit
      if !hasFallbacks { options.fallbackHosts = [] }
    }
  }

  mutating func step() {
    switch Int.random(in: 0..<24, using: &random) {
    case 0...9: doDuty()
    case 10...13: userCalls()
    case 14...15: frame()
    case 16: bench.canRenew = Int.random(in: 0..<10, using: &random) > 0
    case 17: on(.due, after: .milliseconds(Int.random(in: 0...200_000, using: &random)))
    case 18: lose()
    case 19: if Bool.random(using: &random) { authorize() } else { findToken() }
    case 20: on(.activity(Bool.random(using: &random) ? sockets.first ?? 1 : 1))
    case 21...22: members()
    default: attachedAgain()
    }
  }

  mutating func end() {
    hasEnded = true
    on(.end)
    #expect(isOver)
    while !authorizations.isEmpty { resolveAuthorization() }
    for name in Self.names { call(name) { .attach($0) } }
    on(.due, after: .seconds(100_000))
    #expect(bench.machine.deadlines.next == nil && sockets.isEmpty)
    #expect(tickets.allSatisfy { outcomes[$0] == 1 }, "a call did not end once")
    #expect(outcomes.keys.allSatisfy(tickets.contains))
    for load in [bench.machine.outbox.load, bench.machine.held] {
      #expect(load.count == 0 && load.bytes == 0, "something is kept after the end")
    }
  }

  /// Something happens, and what the machine says about it is looked at.
  mutating func on(_ event: RealtimeEvent, after time: Duration = .zero) {
    let effects = time > .zero ? bench.advance(time) + bench.on(event) : bench.on(event)
    bench.log = []
    for effect in effects { check(effect) }
    checkWhole()
    while let serial = unwritten.popLast() {
      on(.notWritten(serial, .broken))
      #expect(!bench.machine.outbox.unconfirmed.contains { $0.message.msgSerial == serial })
    }
  }

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }
}
