internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

/// What surrounds a machine, and what must hold whatever happens in it.
struct MachineWorld {
  var bench: MachineBench
  var random: SeededGenerator

  /// The sockets that are open: never more than one.
  private var sockets: Set<Int> = []
  /// The client's token, as its `Auth` has it.
  private var token: Credentials?
  private var refused: Set<Int> = []
  /// The newest token that the machine was told of.
  private var told = 0
  /// The calls of `authorize` under way, with the token of those that have one: they tell it when they get to it.
  private var authorizations: [(call: Int, token: Credentials?)] = []
  private var lastCall = 0
  private var tickets: Set<Ticket> = []
  private(set) var outcomes: [Ticket: Int] = [:]
  private var duties: [Duty] = []
  private var state = ConnectionState.initialized
  private var channelStates: [String: ChannelState] = [:]
  private var hasEnded = false
  private var isOver = false
  private(set) var visited: Set<ConnectionState> = []
  private(set) var visitedByChannels: Set<ChannelState> = []

  /// What the machine waits for.
  private enum Duty {
    case authenticate(Int, refused: Int?, found: Credentials?)
    case reauthenticate
    case find(Int)
    case confirm(Int)
    case answer(Int, ProtocolMessage)
  }

  static let names = ["a", "b", "c"]

  /// Whether hardly any attempt succeeds, so that some connections are suspended.
  private let isGloomy: Bool

  init(seed: UInt64) throws {
    isGloomy = seed.isMultiple(of: 4)
    random = SeededGenerator(seed: seed)
    let queues = Bool.random(using: &random)
    let hasFallbacks = Bool.random(using: &random)
    bench = try MachineBench { options in
      options.queueMessages = queues
      options.clientId = "me"
      if !hasFallbacks { options.fallbackHosts = [] }
    }
  }

  // MARK: What happens

  mutating func step() {
    switch Int.random(in: 0..<20, using: &random) {
    case 0...9: doDuty()
    case 10...13: userCalls()
    case 14...15: frame()
    case 16: bench.canRenew = Int.random(in: 0..<10, using: &random) > 0
    case 17: on(.due, after: .milliseconds(Int.random(in: 0...200_000, using: &random)))
    case 18: lose()
    default: if Bool.random(using: &random) { authorize() } else { findToken() }
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
  }

  private mutating func userCalls() {
    let name = pick(Self.names)
    switch Int.random(in: 0..<16, using: &random) {
    case 0...2: on(.connect)
    case 3: if Int.random(in: 0..<3, using: &random) == 0 { on(.close) }
    case 4: on(.network(isAvailable: Bool.random(using: &random)))
    case 5: on(.ping(ticket(), id: "\(UInt8.random(in: 0...255, using: &random))"))
    case 6...7: call(name) { .attach($0) }
    case 8: call(name) { .detach($0) }
    case 9: call(name) { .publish([Message(name: "x")], params: [:], $0) }
    case 10: call(name) { .presence(PresenceMessage(action: .enter), $0) }
    case 11: call(name) { .members(waitForSync: true, $0) }
    case 12: on(.channel(name, .listen(toMessages: true)))
    case 13: call(name) { .release($0) }
    case 14:
      var options = RealtimeChannelOptions()
      options.modes = [.publish]
      call(name) { .configure(options, $0) }
    default: call(name) { .presence(PresenceMessage(action: .leave, clientId: "me"), $0) }
    }
  }

  private mutating func call(_ name: String, _ request: (Ticket) -> ChannelRequest) {
    on(.channel(name, request(ticket())))
  }

  private mutating func ticket() -> Ticket {
    let ticket = bench.ticket()
    tickets.insert(ticket)
    return ticket
  }

  private mutating func authorize() {
    if !authorizations.isEmpty, Bool.random(using: &random) { return resolveAuthorization() }
    lastCall += 1
    authorizations.append((lastCall, nil))
    on(.authorizing(lastCall))
  }

  /// Some call of `authorize` has its token, and is about to tell it.
  private mutating func findToken() {
    guard let index = authorizations.indices.randomElement(using: &random) else { return }
    authorizations[index].token = newToken()
  }

  private mutating func resolveAuthorization() {
    guard let index = authorizations.indices.randomElement(using: &random) else { return }
    let (call, found) = authorizations.remove(at: index)
    if let found { return adopt(found, of: call) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: on(.notAuthorized(.broken, of: call))
    case 1: on(.notAuthorized(ErrorInfo(.operationCanceled, "cancelled"), of: call))
    case 2: on(.notAuthorized(.forbidden, of: call))
    default: adopt(newToken(), of: call)
    }
  }

  private mutating func adopt(_ credentials: Credentials, of call: Int) {
    if Bool.random(using: &random) { tell(credentials) { .renewed($0) } }
    let ticket = ticket()
    tell(credentials) { .authorized($0, ticket, of: call) }
  }

  private mutating func tell(_ credentials: Credentials, _ event: (Credentials) -> RealtimeEvent) {
    told = max(told, credentials.serial ?? 0)
    on(event(credentials))
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func newToken() -> Credentials {
    let credentials = bench.token()
    token = credentials
    return credentials
  }

  private mutating func lose() {
    guard let socket = sockets.randomElement(using: &random) else { return }
    sockets = []
    on(.lost(socket, .broken, isHostFailure: Bool.random(using: &random)))
  }

  private mutating func doDuty() {
    guard let index = duties.indices.randomElement(using: &random) else { return frame() }
    switch duties.remove(at: index) {
    case .authenticate(let number, let refusedSerial, let found): authenticate(number, refusedSerial, found)
    case .reauthenticate:
      if Bool.random(using: &random) { tell(newToken()) { .renewed($0) } } else { on(.notRenewed(.broken)) }
    case .find(let number):
      let other = Origin(isSecure: true, host: "other.example.com", port: 443)
      on(.alternatives(number, Bool.random(using: &random) ? [other] : []))
    case .confirm(let socket): receive(socket, connectedFrame())
    case .answer(let socket, let message): answer(socket, message)
    }
  }

  private mutating func authenticate(_ number: Int, _ refusedSerial: Int?, _ found: Credentials?) {
    guard Int.random(in: 0..<8, using: &random) > (isGloomy ? 5 : 0) else {
      return on(.notAuthenticated(number, .broken))
    }
    if token == nil || token?.serial == refusedSerial { _ = newToken() }
    // Whoever looked it up may have done so when it was asked for, or just now.
    let old = found?.serial == refusedSerial ? nil : found
    if let token = Bool.random(using: &random) ? old ?? token : token {
      tell(token) { .authenticated(number, $0) }
    }
  }

  private mutating func answer(_ socket: Int, _ message: ProtocolMessage) {
    var answer: ProtocolMessage
    switch message.action {
    case .attach:
      answer = ProtocolMessage(Int.random(in: 0..<5, using: &random) == 0 ? .detached : .attached)
      if Bool.random(using: &random) { answer.flags = [.hasPresence, .resumed] }
    case .detach: answer = ProtocolMessage(.detached)
    case .message, .presence:
      answer = ProtocolMessage(Int.random(in: 0..<5, using: &random) == 0 ? .nack : .ack)
      answer.msgSerial = message.msgSerial
    case .heartbeat:
      answer = ProtocolMessage(.heartbeat)
      answer.id = message.id
    case .close: answer = ProtocolMessage(.closed)
    case .auth: answer = connectedFrame()
    default: return
    }
    answer.channel = answer.action == .ack || answer.action == .nack ? nil : message.channel
    receive(socket, answer)
  }

  private mutating func connectedFrame() -> ProtocolMessage {
    var message = ProtocolMessage(.connected)
    message.connectionId = pick(["one", "two", nil])
    if Int.random(in: 0..<4, using: &random) > 0 {
      var details = ConnectionDetails()
      details.connectionKey = Secret("key")
      details.clientId = Int.random(in: 0..<20, using: &random) == 0 ? "somebody else" : "me"
      details.maxIdleInterval = .seconds(15)
      message.connectionDetails = details
    }
    if Int.random(in: 0..<5, using: &random) == 0 { message.error = .broken }
    return message
  }

  /// Something that nobody asked for.
  private mutating func frame() {
    let actions = Array(-1...22) + [1, 2, 4, 6, 9, 9, 11, 13, 14, 16, 17]
    var message = ProtocolMessage(ProtocolAction(rawValue: pick(actions)))
    if message.action == .connected { message = connectedFrame() }
    if message.action != .connected, Int.random(in: 0..<4, using: &random) > 0 {
      message.channel = pick(Self.names + ["nobody"])
    }
    message.error = pick([nil, .broken, .expired, .refusal, .forbidden])
    message.msgSerial = pick([nil, 0, 1, 5, .max, .min])
    message.count = pick([nil, 0, 1, 3, .max, .min])
    message.channelSerial = pick([nil, "", "s", "s:", "s:c", "t:c"])
    message.id = "one:\(UInt8.random(in: 0...9, using: &random))"
    message.connectionId = message.connectionId ?? "one"
    let action = PresenceAction(rawValue: Int.random(in: -1...6, using: &random))
    message.presence = [
      PresenceMessage(action: action, clientId: pick(["me", "x", nil]))
    ]
    message.messages = [Message(name: "m")]
    receive(Int.random(in: 0..<6, using: &random) == 0 ? 1 : sockets.first ?? 1, message)
  }

  private mutating func receive(_ socket: Int, _ message: ProtocolMessage) {
    on(.frame(socket, message))
    if let serial = bench.machine.refused?.credentials.serial { refused.insert(serial) }
  }

  // MARK: What must hold

  private mutating func on(_ event: RealtimeEvent, after time: Duration = .zero) {
    let effects = time > .zero ? bench.advance(time) + bench.on(event) : bench.on(event)
    bench.log = []
    for effect in effects { check(effect) }
    #expect(bench.machine.state == state)
    #expect(bench.machine.channels.count <= Self.names.count)
    #expect(
      bench.machine.channels.values.allSatisfy {
        $0.presence.own.count <= 3 && $0.presence.present.count <= 6
      })
    if let next = bench.machine.deadlines.next { #expect(next > bench.now) }
  }

  private mutating func check(_ effect: RealtimeEffect) {
    switch effect {
    case .complete(let ticket, _): outcomes[ticket, default: 0] += 1
    case _ where isOver: Issue.record("\(effect) after the end")
    case .authenticate(let number, let old, _):
      duties.append(.authenticate(number, refused: old?.serial, found: token))
    case .reauthenticate: duties.append(.reauthenticate)
    case .findAlternatives(let number): duties.append(.find(number))
    case .open(let number, let opening): opened(number, opening)
    case .send(let message): sent(message)
    case .drop:
      sockets = []
      duties.removeAll { if case .answer = $0 { true } else { false } }
    case .changed(let change): changed(change)
    case .channelChanged(let name, let change): channelChanged(name, change)
    case .released(let name): channelStates[name] = nil
    case .messages(let name, _), .presence(let name, _):
      #expect(channelStates[name] == .attached, "messages outside an attachment")
    case .over: isOver = true
    case .identified, .stands, .warn: break
    }
  }

  private mutating func opened(_ number: Int, _ opening: Opening) {
    #expect(sockets.isEmpty, "two sockets at once")
    #expect(!hasEnded && state == .connecting)
    #expect((opening.credentials.serial ?? 0) >= told, "an old token on a new socket")
    #expect(!refused.contains(opening.credentials.serial ?? 0), "a refused token on a new socket")
    sockets = [number]
    duties.append(.confirm(number))
  }

  private mutating func sent(_ message: ProtocolMessage) {
    #expect(sockets.count == 1, "a frame without a socket")
    if message.action != .close { #expect(bench.machine.state != .failed) }
    if message.action == .auth {
      #expect(message.accessToken?.text == "token-\(told)", "an old token in an AUTH")
    }
    if let socket = sockets.first { duties.append(.answer(socket, message)) }
  }

  private mutating func changed(_ change: ConnectionStateChange) {
    #expect(change.previous == state)
    if change.event == .update {
      #expect(change.current == .connected && state == .connected)
    } else {
      #expect(
        Self.transitions[state]?.contains(change.current) == true || hasEnded && change.current == .closed)
      if change.current == .failed || change.current == .suspended { #expect(change.reason != nil) }
    }
    state = change.current
    visited.insert(state)
  }

  private mutating func channelChanged(_ name: String, _ change: ChannelStateChange) {
    let known = channelStates[name] ?? .initialized
    #expect(change.previous == known)
    if change.event == .update {
      #expect(change.current == .attached && known == .attached)
    } else {
      #expect(
        Self.channelTransitions[known]?.contains(change.current) == true, "\(known) to \(change.current)")
    }
    channelStates[name] = change.current
    visitedByChannels.insert(change.current)
  }

  static let transitions: [ConnectionState: Set<ConnectionState>] = [
    .initialized: [.connecting, .failed],
    .connecting: [.connected, .disconnected, .suspended, .closing, .failed],
    .connected: [.disconnected, .closing, .failed],
    .disconnected: [.connecting, .suspended, .closed, .failed],
    .suspended: [.connecting, .closed, .failed],
    .closing: [.closed],
    .closed: [.connecting],
    .failed: [.connecting],
  ]

  static let channelTransitions: [ChannelState: Set<ChannelState>] = [
    .initialized: [.attaching, .failed],
    .attaching: [.attached, .suspended, .detached, .failed],
    .attached: [.attaching, .detaching, .detached, .suspended, .failed],
    .detaching: [.detached, .attached, .failed],
    .detached: [.attaching, .detaching, .initialized, .failed],
    .suspended: [.attaching, .detached, .initialized, .failed],
    .failed: [.attaching, .initialized],
  ]
}
