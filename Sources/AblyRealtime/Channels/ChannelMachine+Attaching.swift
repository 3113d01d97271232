internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// RTL4.
  mutating func attach(_ ticket: Ticket?, _ context: ChannelContext) {
    switch state {
    case .attached: complete(ticket, .success(.done))
    case .attaching where waiting.later.isEmpty: if let ticket { waiting.attached.append(ticket) }
    case .attaching, .detaching: waiting.later.append(.attach(ticket))
    case .initialized, .detached, .suspended, .failed:
      guard context.isExpected else { return complete(ticket, .failure(context.absence)) }
      if state == .failed { errorReason = nil }
      failedAttempts = 0
      if let ticket { waiting.attached.append(ticket) }
      beginAttaching(nil, context)
    }
  }

  mutating func beginAttaching(_ reason: ErrorInfo?, _ context: ChannelContext) {
    become(.attaching, reason)
    sendAttach(context)
  }

  /// As soon as there is a connection (RTL4c, RTL4i).
  mutating func sendAttach(_ context: ChannelContext) {
    guard context.isConnected else { return }
    var message = ProtocolMessage(.attach)
    message.channel = name
    message.channelSerial = channelSerial
    message.params = options.params
    message.flags = options.modes.flags
    act(.deadline(.attached, context.settings.requestTimeout))
    act(.send(message))
  }

  mutating func notAttachedInTime(_ context: ChannelContext) {
    let error = ErrorInfo(
      .channelOperationTimedOut,
      "the service did not attach the channel in \(context.settings.requestTimeout)",
      statusCode: 408, remedy: "Nothing: it is attached again by itself.")
    switch state {
    case .attaching: notAttached(error, context)
    case .attached:
      for ticket in waiting.configured { complete(ticket, .failure(error)) }
      waiting.configured = []
    default: break
    }
  }

  /// The next attempt follows by itself (RTL13b).
  mutating func notAttached(_ error: ErrorInfo, _ context: ChannelContext) {
    become(.suspended, error)
    let delay = Backoff.delay(
      context.settings.channelRetryTimeout, retry: failedAttempts, jitter: context.moment.jitter)
    failedAttempts += 1
    if context.isConnected { act(.deadline(.retry, delay)) }
    resume(context)
  }

  /// RTL5.
  mutating func detach(_ ticket: Ticket, _ context: ChannelContext) {
    switch state {
    case .initialized, .detached: complete(ticket, .success(.done))
    case .failed: complete(ticket, .failure(.wrongState(name, state, errorReason)))
    case .suspended: detachAtOnce(ticket, context)
    // RTL5l: nothing is under way that could be waited for.
    case .attaching where !context.isConnected: detachAtOnce(ticket, context)
    case .attached:
      guard context.isConnected else { return detachAtOnce(ticket, context) }
      waiting.detached.append(ticket)
      stateBeforeDetaching = .attached
      become(.detaching)
      sendDetach(context)
    case .detaching where waiting.later.isEmpty: waiting.detached.append(ticket)
    case .attaching, .detaching: waiting.later.append(.detach(ticket))
    }
  }

  private mutating func detachAtOnce(_ ticket: Ticket, _ context: ChannelContext) {
    waiting.detached.append(ticket)
    become(.detached)
    resume(context)
  }

  mutating func sendDetach(_ context: ChannelContext) {
    guard context.isConnected else { return }
    act(.deadline(.detached, context.settings.requestTimeout))
    repeatDetach()
  }

  /// The service has answered something else (RTL5k), and has no more time for that.
  mutating func repeatDetach() {
    var message = ProtocolMessage(.detach)
    message.channel = name
    act(.send(message))
  }

  /// RTL5f.
  mutating func notDetachedInTime(_ context: ChannelContext) {
    guard state == .detaching else { return }
    let error = ErrorInfo(
      .channelOperationTimedOut,
      "the service did not detach the channel in \(context.settings.requestTimeout)",
      statusCode: 408, remedy: "Try again.")
    let tickets = waiting.detached + waiting.released
    waiting.detached = []
    waiting.released = []
    become(stateBeforeDetaching, error)
    for ticket in tickets { complete(ticket, .failure(error)) }
    // Whoever waited before the channel was to be detached goes on waiting, and no longer than before.
    awaitMembers(context)
    if !waiting.configured.isEmpty { act(.deadline(.attached, context.settings.requestTimeout)) }
    resume(context)
  }

  /// RTL16.
  mutating func configure(
    _ options: RealtimeChannelOptions, _ ticket: Ticket, _ context: ChannelContext
  ) {
    let isConcerned = options.concernAttachment(insteadOf: self.options)
    self.options = options
    guard isConcerned, state == .attached || state == .attaching else {
      return complete(ticket, .success(.done))
    }
    waiting.configured.append(ticket)
    // Without a connection the channel is attached anew, with these options, when there is one (RTL3d).
    sendAttach(context)
  }

  /// RTS4.
  mutating func release(_ ticket: Ticket, _ context: ChannelContext) {
    switch state {
    case .attaching where context.isConnected: return waiting.later.append(.release(ticket))
    case .detaching where !waiting.later.isEmpty: return waiting.later.append(.release(ticket))
    default: waiting.released.append(ticket)
    }
    switch state {
    case .initialized, .detached, .failed, .detaching: break
    case .attached where context.isConnected:
      stateBeforeDetaching = .attached
      become(.detaching)
      sendDetach(context)
    case .attached, .attaching, .suspended: become(.detached)
    }
    resume(context)
  }

  /// The channel is over (RTS4a).
  mutating func finishRelease() {
    let error = ErrorInfo.channelIsReleased
    for ticket in waiting.released { complete(ticket, .success(.done)) }
    for later in waiting.later {
      switch later {
      case .attach(let ticket): complete(ticket, .failure(error))
      case .detach(let ticket), .release(let ticket): complete(ticket, .success(.done))
      case .members(_, let ticket): complete(ticket, .failure(error))
      }
    }
    waiting = Waiting()
    act(.release)
  }
}

extension ErrorInfo {
  /// Nothing happens to the channel any more.
  static let channelIsReleased = ErrorInfo(
    .invalidChannelState, "the channel was released", statusCode: 400, remedy: "Get the channel again.")
}
