internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// Enters, updates or leaves (RTP8, RTP9, RTP10, RTP15): under the client's own identity, or the one that the
  /// message states.
  mutating func announce(_ message: PresenceMessage, _ ticket: Ticket, _ context: ChannelContext) {
    let whole = withDataOf(message, context)
    let entry = Outbox.Entry(message: frame(whole), owner: .ticket(ticket), size: whole.size)
    do throws(ErrorInfo) {
      try check(message, context)
      try context.limits.check(entry)
    } catch {
      return complete(ticket, .failure(error))
    }
    switch state {
    case .attached: act(.submit(entry))
    case .initialized where context.settings.queueMessages && context.isExpected:
      guard hold(entry, context) else { return }
      attach(nil, context)
    case .initialized where !context.isExpected: complete(ticket, .failure(context.absence))
    case .attaching where context.settings.queueMessages: hold(entry, context)
    case .initialized, .attaching, .detaching, .detached, .suspended, .failed:
      complete(ticket, .failure(.presenceNotPossible(name, state, errorReason)))
    }
  }

  private func check(_ message: PresenceMessage, _ context: ChannelContext) throws(ErrorInfo) {
    if message.clientId != nil {
      try context.check(identity: message.clientId)
    } else if context.isConnected, [nil, ClientID.wildcard].contains(context.moment.clientId) {
      // RTP8j
      throw ErrorInfo(
        .presenceRequiresClientId, "this client has no client id of its own to be present with",
        statusCode: 400, remedy: "Set ClientOptions.clientId, or say on whose behalf with enterClient.")
    }
    try message.data?.check()
  }

  /// Whoever leaves without saying more leaves with what they entered with (RTP10a).
  private func withDataOf(_ message: PresenceMessage, _ context: ChannelContext) -> PresenceMessage {
    var message = message
    guard message.action == .leave, message.data == nil, message.extras == nil,
      let member = presence.own[message.clientId ?? context.moment.clientId ?? ""]
    else { return message }
    message.data = member.data
    message.encoding = member.encoding
    message.extras = member.extras
    return message
  }

  private func frame(_ message: PresenceMessage) -> ProtocolMessage {
    var frame = ProtocolMessage(.presence)
    frame.channel = name
    frame.presence = [message]
    return frame
  }

  /// Members of this connection enter again (RTP17g).
  mutating func reenter(_ context: ChannelContext) {
    for (clientId, member) in presence.own.sorted(by: { $0.key < $1.key }) {
      var message = PresenceMessage(action: .enter, clientId: clientId, data: member.data)
      message.encoding = member.encoding
      message.extras = member.extras
      if member.connectionId == context.connectionId { message.id = member.id }
      act(
        .submit(
          Outbox.Entry(
            message: frame(message), owner: .reentry(Outbox.Reentry(channel: name, clientId: clientId)),
            size: message.size)))
    }
  }

  /// RTP17e.
  mutating func notReentered(_ clientId: String, _ cause: ErrorInfo) {
    let error = ErrorInfo(
      .presenceReentryFailed,
      "\(PeerText.line(clientId, maximumCount: 256)) could not enter the channel again", statusCode: 400,
      cause: cause)
    act(.warn(error))
    if state == .attached { update(error, resumed: true) }
  }

  /// Keeps presence until the channel is attached (RTP16b, RTL3d2).
  ///
  /// - Returns: whether there was room for it.
  @discardableResult
  mutating func hold(_ entry: Outbox.Entry, _ context: ChannelContext) -> Bool {
    guard context.load.takes(entry.size) else {
      act(.drop(entry, .tooMuchWaits))
      return false
    }
    heldLoad.add(entry.size)
    held.append(entry)
    return true
  }

  /// Takes out what was kept.
  mutating func takeHeld() -> [Outbox.Entry] {
    defer {
      held = []
      heldLoad = OutboundLoad()
    }
    return held
  }
}

extension ErrorInfo {
  fileprivate static func presenceNotPossible(
    _ channel: String, _ state: ChannelState, _ cause: ErrorInfo?
  ) -> ErrorInfo {
    ErrorInfo(
      .presenceInWrongChannelState,
      "nobody can be present on the channel \(PeerText.line(channel, maximumCount: 256)) while it is "
        + state.rawValue, statusCode: 400, cause: cause)
  }
}
