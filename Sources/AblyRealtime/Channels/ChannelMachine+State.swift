internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// Enters a state. Listeners learn of it before those who waited for it do.
  mutating func become(
    _ new: ChannelState, _ reason: ErrorInfo? = nil, resumed: Bool = false, hasBacklog: Bool = false
  ) {
    let previous = state
    state = new
    if let reason { errorReason = reason } else if new == .attached { errorReason = nil }
    for deadline in [ChannelDeadline.attached, .detached, .retry, .members] { act(.deadline(deadline, nil)) }
    if new == .detached || new == .failed {
      // RTL15b2, RTP5a
      channelSerial = nil
      presence = PresenceMachine()
    }
    act(
      .changed(
        ChannelStateChange(
          from: previous, to: new, reason: reason, resumed: resumed, hasBacklog: hasBacklog)))
    switch new {
    case .attached, .initialized, .attaching, .detaching: break
    case .detached, .suspended, .failed: giveUp(reason ?? .notAttached(name, in: new))
    }
  }

  /// Something about an attached channel changed.
  mutating func update(_ reason: ErrorInfo?, resumed: Bool, hasBacklog: Bool = false) {
    act(
      .changed(
        ChannelStateChange(
          from: state, to: state, event: .update, reason: reason, resumed: resumed, hasBacklog: hasBacklog)))
  }

  /// Whoever waits for an attached channel learns that it is not (RTL4d, RTL11).
  private mutating func giveUp(_ error: ErrorInfo) {
    for ticket in waiting.attached + waiting.configured + waiting.members.map(\.ticket) {
      complete(ticket, .failure(error))
    }
    let isDetached = state == .detached
    for ticket in waiting.detached { complete(ticket, isDetached ? .success(.done) : .failure(error)) }
    waiting = Waiting(released: waiting.released, later: waiting.later)
    for entry in takeHeld() { act(.drop(entry, error)) }
  }

  /// What had to wait for the end of an attachment or a detachment (RTL4h, RTL5i).
  mutating func resume(_ context: ChannelContext) {
    if !waiting.released.isEmpty, [.initialized, .detached, .failed].contains(state) {
      return finishRelease()
    }
    while state != .attaching, state != .detaching, !waiting.later.isEmpty {
      switch waiting.later.removeFirst() {
      case .attach(let ticket): attach(ticket, context)
      case .detach(let ticket): detach(ticket, context)
      case .release(let ticket): release(ticket, context)
      case .members(let waitForSync, let ticket): members(waitForSync: waitForSync, ticket, context)
      }
    }
  }

  /// What the connection's change of state means for the channel (RTL3).
  mutating func connectionChanged(_ context: ChannelContext, _ reason: ErrorInfo?) {
    if !context.isConnected {
      // RTL13c, and what the service was asked it will not answer.
      for deadline in [ChannelDeadline.attached, .detached, .retry, .members] {
        act(.deadline(deadline, nil))
      }
    }
    switch (context.connection, state) {
    case (.connected, .attaching): sendAttach(context)
    case (.connected, .attached), (.connected, .suspended): beginAttaching(nil, context)
    case (.connected, .detaching): sendDetach(context)
    case (.suspended, .attaching), (.suspended, .attached):
      become(.suspended, reason ?? context.absence)
      resume(context)
    case (.closed, .attaching), (.closed, .attached), (.closed, .detaching), (.suspended, .detaching),
      (.failed, .detaching):
      become(.detached, reason)
      resume(context)
    case (.failed, .attaching), (.failed, .attached):
      become(.failed, reason ?? context.absence)
      resume(context)
    default: break
    }
  }

  /// Another connection begins (RTN11d).
  mutating func reinitialize(_ context: ChannelContext) {
    if state != .initialized { become(.initialized) }
    errorReason = nil
    channelSerial = nil
    presence = PresenceMachine()
    giveUp(.notAttached(name, in: .initialized))
    resume(context)
  }
}

extension ErrorInfo {
  /// The channel is not attached, and the service gave no reason.
  static func notAttached(_ channel: String, in state: ChannelState) -> ErrorInfo {
    ErrorInfo(
      .channelOperationFailed,
      "the channel \(PeerText.line(channel, maximumCount: 256)) is \(state.rawValue)",
      statusCode: 400)
  }

  /// The channel's state does not allow it.
  static func wrongState(_ channel: String, _ state: ChannelState, _ cause: ErrorInfo? = nil) -> ErrorInfo {
    ErrorInfo(
      .invalidChannelState,
      "the state of the channel \(PeerText.line(channel, maximumCount: 256)), \(state.rawValue), does not "
        + "allow this", statusCode: 400, remedy: "See the channel's errorReason, and attach it again.",
      cause: cause)
  }
}
