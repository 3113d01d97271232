internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// Whether the members that are known are those that there are (RTP13).
  var isSynced: Bool { presence.isSynced }

  /// RTP11.
  mutating func members(waitForSync: Bool, _ ticket: Ticket, _ context: ChannelContext) {
    switch state {
    case .suspended where waitForSync: complete(ticket, .failure(.membersOutOfSync(name)))
    case .suspended: complete(ticket, .success(.members(presence.present)))
    case .failed: complete(ticket, .failure(.wrongState(name, state, errorReason)))
    case .attached:
      warnWithoutMembers()
      let isFirst = waiting.members.isEmpty
      waiting.members.append((ticket, waitForSync))
      answerMembers()
      if isFirst { awaitMembers(context) }
    case .detaching: waiting.later.append(.members(waitForSync: waitForSync, ticket))
    case .attaching where !waiting.later.isEmpty:
      waiting.later.append(.members(waitForSync: waitForSync, ticket))
    case .initialized, .detached, .attaching:
      guard context.isExpected else { return complete(ticket, .failure(context.absence)) }
      waiting.members.append((ticket, waitForSync))
      attach(nil, context)
    }
  }

  // RTP11f2
  private mutating func warnWithoutMembers() {
    guard !modes.contains(.presenceSubscribe), !modes.isEmpty else { return }
    act(
      .warn(
        ErrorInfo(
          .presenceSubscribeModeNotEnabled,
          "the channel \(PeerText.line(name, maximumCount: 256)) is attached without the mode "
            + "presence_subscribe: its members are not known", statusCode: 400)))
  }

  /// From now on the service has its time to name some.
  mutating func awaitMembers(_ context: ChannelContext) {
    guard state == .attached, context.isConnected else { return }
    act(.deadline(.members, waiting.members.isEmpty ? nil : context.settings.requestTimeout))
  }

  mutating func noMembersInTime(_ context: ChannelContext) {
    let error = ErrorInfo(
      .timeout, "the service named no more members in \(context.settings.requestTimeout)",
      remedy: "Ask again, or without waitForSync for those that are known.")
    for (ticket, _) in waiting.members { complete(ticket, .failure(error)) }
    waiting.members = []
  }

  private mutating func answerMembers() {
    guard state == .attached else { return }
    // Those that could not be kept will not be known later either.
    let (isOverfull, isDecided) = (presence.isOverfull, presence.isOverfull || presence.isSynced)
    let ready = waiting.members.filter { isDecided || !$0.waitForSync }
    guard !ready.isEmpty else { return }
    waiting.members.removeAll { isDecided || !$0.waitForSync }
    let present = presence.present
    for (ticket, waitForSync) in ready {
      let isRefused = isOverfull && waitForSync
      complete(ticket, isRefused ? .failure(.tooManyMembers(name)) : .success(.members(present)))
    }
  }

  /// The channel was attached (RTP1, RTP19a).
  mutating func expectMembers(_ areSome: Bool, _ context: ChannelContext) {
    if areSome {
      presence.beginSync(nil)
    } else {
      emit(presence.leaveAll(at: context.moment.milliseconds))
    }
    answerMembers()
    awaitMembers(context)
  }

  mutating func presence(_ frame: ProtocolMessage, _ context: ChannelContext) {
    let wasOverfull = presence.isOverfull
    emit(
      decoded(frame.presence, of: frame).compactMap { presence.apply($0, connectionId: context.connectionId) }
    )
    guard presence.isOverfull, !wasOverfull else { return }
    act(.warn(.tooManyMembers(name)))
    answerMembers()
    awaitMembers(context)
  }

  /// RTP18.
  mutating func sync(_ frame: ProtocolMessage, _ context: ChannelContext) {
    let cursor = PresenceCursor(frame.channelSerial)
    presence.continueSync(cursor.sequence)
    presence(frame, context)
    if cursor.isLast {
      emit(presence.endSync(at: context.moment.milliseconds))
      answerMembers()
    }
    if !waiting.members.isEmpty || cursor.isLast { awaitMembers(context) }
  }

  private mutating func emit(_ messages: [PresenceMessage]) {
    if !messages.isEmpty { act(.presence(messages)) }
  }
}

extension ErrorInfo {
  fileprivate static func membersOutOfSync(_ channel: String) -> ErrorInfo {
    ErrorInfo(
      .presenceOutOfSync,
      "the channel \(PeerText.line(channel, maximumCount: 256)) is suspended: its members are not up to date",
      statusCode: 400, remedy: "Wait until it is attached, or ask without waitForSync.")
  }

  fileprivate static func tooManyMembers(_ channel: String) -> ErrorInfo {
    ErrorInfo(
      .tooManyPresenceMembers,
      "the channel \(PeerText.line(channel, maximumCount: 256)) has more members than a client keeps, which are "
        + "\(MemberSet.maximumCount), or about \(MemberSet.maximumBytes >> 20) MiB", statusCode: 400,
      remedy: "Ask over HTTP, page by page, or without waitForSync for those that are kept.")
  }
}
