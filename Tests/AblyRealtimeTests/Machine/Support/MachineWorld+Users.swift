internal import AblyAuth
internal import AblyTokens
internal import AblyWire

@testable internal import AblyRealtime

/// What users do.
extension MachineWorld {
  mutating func userCalls() {
    let name = pick(Self.names)
    switch Int.random(in: 0..<18, using: &random) {
    case 0...2: on(.connect)
    case 3: if Int.random(in: 0..<3, using: &random) == 0 { on(.close) }
    case 4: on(.network(isAvailable: Bool.random(using: &random)))
    case 5: on(.ping(ticket(), id: "\(UInt8.random(in: 0...255, using: &random))"))
    case 6...7: call(name) { .attach($0) }
    case 8: call(name) { .detach($0) }
    case 9...10: for _ in 0..<Int.random(in: 1...6, using: &random) { publish(name) }
    case 11: for _ in 0..<Int.random(in: 1...6, using: &random) { announce(name) }
    case 12: call(name) { .members(waitForSync: true, $0) }
    case 13: on(.channel(name, .listen(toMessages: Bool.random(using: &random))))
    case 14: call(name) { .release($0) }
    case 15:
      var options = RealtimeChannelOptions()
      options.modes = [.publish]
      call(name) { .configure(options, $0) }
    default: call(name) { .presence(PresenceMessage(action: .leave, clientId: "me"), $0) }
    }
  }

  private mutating func data() -> MessageData {
    isHeavy && Bool.random(using: &random) ? Self.texts[4] : pick(Array(Self.texts.prefix(4)))
  }

  private mutating func publish(_ name: String) {
    var message = Message(name: "x", data: data())
    // What counts for no message, and takes room in its frame.
    if !isHeavy, Int.random(in: 0..<6, using: &random) == 0 { message.id = Self.longId }
    call(name) { .publish([message], params: [:], $0) }
  }

  private static let longId = String(repeating: "i", count: 80_000)

  private mutating func announce(_ name: String) {
    let action = pick([PresenceAction.enter, .update])
    // Who enters on somebody's behalf is told from who enters again by the action.
    let message = PresenceMessage(action: action, clientId: action == .update ? "me" : nil, data: data())
    call(name) { .presence(message, $0) }
  }

  mutating func call(_ name: String, _ request: (Ticket) -> ChannelRequest) {
    on(.channel(name, request(ticket())))
  }

  private mutating func ticket() -> Ticket {
    let ticket = bench.ticket()
    tickets.insert(ticket)
    return ticket
  }

  // MARK: Tokens

  mutating func authorize() {
    if !authorizations.isEmpty, Bool.random(using: &random) { return resolveAuthorization() }
    lastCall += 1
    authorizations.append((lastCall, nil))
    on(.authorizing(lastCall))
  }

  /// Some call of `authorize` has its token, and is about to tell it.
  mutating func findToken() {
    guard let index = authorizations.indices.randomElement(using: &random) else { return }
    authorizations[index].token = newToken()
  }

  mutating func resolveAuthorization() {
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

  mutating func tell(_ credentials: Credentials, _ event: (Credentials) -> RealtimeEvent) {
    told = max(told, credentials.serial ?? 0)
    on(event(credentials))
  }

  mutating func newToken() -> Credentials {
    let credentials = bench.token()
    token = credentials
    return credentials
  }
}
