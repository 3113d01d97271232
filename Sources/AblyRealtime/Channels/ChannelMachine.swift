internal import AblyTokens
internal import AblyWire

/// Everything that is decided for one channel: a value that ``RealtimeMachine`` hands events to.
struct ChannelMachine: Sendable {
  let name: String
  var options = RealtimeChannelOptions()
  var state = ChannelState.initialized
  var errorReason: ErrorInfo?

  /// Since when messages are known without a gap (RTL15c), and up to where (RTL15b).
  var attachSerial: String?
  var channelSerial: String?
  /// What the service granted (RTL4m, RTL4k1).
  var modes: Set<ChannelMode> = []
  var params: [String: String] = [:]

  /// Whether somebody has asked for its messages, and whether they were told that none are delivered.
  private var hasSubscribers = false
  var isWarned = false

  var presence = PresenceMachine()
  var waiting = Waiting()
  /// Presence that waits for the channel (RTP16b).
  var held: [Outbox.Entry] = []
  var heldLoad = OutboundLoad()

  /// What a detachment that fails returns to (RTL5f).
  var stateBeforeDetaching = ChannelState.attached
  /// How many attempts to attach failed in a row (RTL13b).
  var failedAttempts = 0

  private var actions: [ChannelAction] = []

  init(_ name: String, recovering serial: String? = nil) {
    self.name = name
    channelSerial = serial
  }

  /// - Returns: what is to be done, in order.
  mutating func handle(_ body: (inout Self) -> Void) -> [ChannelAction] {
    body(&self)
    defer { actions = [] }
    return actions
  }

  mutating func act(_ action: ChannelAction) { actions.append(action) }

  mutating func complete(_ ticket: Ticket?, _ result: Result<Answer, ErrorInfo>) {
    if let ticket { act(.complete(ticket, result)) }
  }

  /// What somebody asked for.
  mutating func handle(_ request: ChannelRequest, _ context: ChannelContext) {
    switch request {
    case .attach(let ticket): attach(ticket, context)
    case .listen(let toMessages): listen(toMessages: toMessages, context)
    case .detach(let ticket): detach(ticket, context)
    case .configure(let options, let ticket): configure(options, ticket, context)
    case .release(let ticket): release(ticket, context)
    case .publish(let messages, let params, let ticket): publish(messages, params, ticket, context)
    case .presence(let message, let ticket): announce(message, ticket, context)
    case .members(let waitForSync, let ticket): members(waitForSync: waitForSync, ticket, context)
    }
  }

  mutating func passed(_ deadline: ChannelDeadline, _ context: ChannelContext) {
    switch deadline {
    case .attached: notAttachedInTime(context)
    case .detached: notDetachedInTime(context)
    case .retry: if state == .suspended, context.isConnected { beginAttaching(nil, context) }
    case .members: noMembersInTime(context)
    }
  }

  /// Somebody listens: unless they asked otherwise, the channel is attached (RTL7g, RTP6d).
  private mutating func listen(toMessages: Bool, _ context: ChannelContext) {
    if toMessages {
      hasSubscribers = true
      warnWithoutMessages()
    }
    guard options.attachOnSubscribe else { return }
    switch state {
    case .initialized, .detached: attach(nil, context)
    case .detaching: if !waiting.attachesLater { waiting.later.append(.attach(nil)) }
    case .attaching, .attached, .suspended, .failed: break
    }
  }

  /// Once for each attachment (RTL7i2): whoever listens would wait for ever without a word.
  mutating func warnWithoutMessages() {
    guard state == .attached, hasSubscribers, !isWarned, !modes.isEmpty, !modes.contains(.subscribe) else {
      return
    }
    isWarned = true
    act(
      .warn(
        ErrorInfo(
          .subscribeModeNotEnabled,
          "the channel \(PeerText.line(name, maximumCount: 256)) is attached without the mode subscribe: no messages "
            + "are delivered", statusCode: 400)))
  }
}
