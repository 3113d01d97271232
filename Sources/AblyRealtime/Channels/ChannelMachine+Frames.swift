internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// A frame that names this channel.
  mutating func received(_ message: ProtocolMessage, _ context: ChannelContext) {
    switch message.action {
    case .attached: attached(message, context)
    case .detached: detachedByService(message.error, context)
    case .error:
      let error = message.error ?? .notAttached(name, in: .failed)
      if state == .failed { errorReason = error } else { become(.failed, error) }
      resume(context)
    case .message:
      takeSerial(message)
      if state == .attached { deliver(message) }
    case .presence:
      takeSerial(message)
      if state == .attached { presence(message, context) }
    case .sync: if state == .attached { sync(message, context) }
    case .object, .annotation: takeSerial(message)
    default: break
    }
  }

  /// RTL15b. What comes before the channel is attached is delivered to nobody, so the next attachment must not go
  /// on behind it.
  private mutating func takeSerial(_ message: ProtocolMessage) {
    guard let serial = message.channelSerial, state == .attached else { return }
    channelSerial = serial
  }

  private mutating func attached(_ message: ProtocolMessage, _ context: ChannelContext) {
    switch state {
    case .attaching:
      takeProperties(message)
      failedAttempts = 0
      become(
        .attached, message.error, resumed: message.flags.contains(.resumed),
        hasBacklog: message.flags.contains(.hasBacklog))
      isAttached(message, isNew: true, context)
    case .attached:
      takeProperties(message)
      let isResumed = message.flags.contains(.resumed)
      // RTL12
      if !isResumed {
        update(message.error, resumed: false, hasBacklog: message.flags.contains(.hasBacklog))
      }
      isAttached(message, isNew: !isResumed, context)
    case .detaching: if context.isConnected { repeatDetach() }
    case .detached:
      // RTL5k: an attachment that came too late.
      guard context.isConnected else { return }
      stateBeforeDetaching = .detached
      become(.detaching)
      sendDetach(context)
    case .initialized, .suspended, .failed: break
    }
  }

  private mutating func takeProperties(_ message: ProtocolMessage) {
    channelSerial = message.channelSerial ?? channelSerial
    if !message.flags.contains(.resumed) { attachSerial = message.channelSerial }
    modes = Set(message.flags)
    params = message.params
  }

  /// - Parameter isNew: whether continuity may be lost, so that members enter again (RTP17i).
  private mutating func isAttached(_ message: ProtocolMessage, isNew: Bool, _ context: ChannelContext) {
    act(.deadline(.attached, nil))
    isWarned = false
    warnWithoutMessages()
    for ticket in waiting.attached + waiting.configured { complete(ticket, .success(.done)) }
    waiting.attached = []
    waiting.configured = []
    expectMembers(message.flags.contains(.hasPresence), context)
    if isNew { reenter(context) }
    // RTP5b
    for entry in takeHeld() { act(.submit(entry)) }
    resume(context)
  }

  /// RTL13.
  private mutating func detachedByService(_ error: ErrorInfo?, _ context: ChannelContext) {
    switch state {
    case .attached, .suspended: beginAttaching(error, context)
    case .attaching: notAttached(error ?? .notAttached(name, in: .suspended), context)
    case .detaching:
      become(.detached, error)
      resume(context)
    case .initialized, .detached, .failed: break
    }
  }

  private mutating func deliver(_ message: ProtocolMessage) {
    guard !message.messages.isEmpty else { return }
    act(.messages(decoded(message.messages, of: message)))
  }
}
