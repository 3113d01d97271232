internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  mutating func attach(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) {
    let wireName = try Self.channel(of: frame)
    do throws(ErrorInfo) {
      let name = try ChannelName(wireName)
      try admit(name, frame, id, now: now)
    } catch {
      if let name = try? ChannelName(wireName) { detach(name, id, now: now) }
      sendError(error, channel: wireName, id, now: now)
    }
  }

  /// - Throws: 40160 where nothing that is asked for is allowed, 90010 for too many channels.
  private mutating func admit(
    _ name: ChannelName, _ frame: ClientFrame, _ id: String, now: Int64
  ) throws(ErrorInfo) {
    guard let session = sessions[id], let wireName = frame.channel else { return }
    let wanted = frame.flags.intersection(.modes)
    let modes = session.principal.modes(on: name, wanted: wanted)
    guard !modes.isEmpty else { throw Self.notCovered(name) }
    guard session.channels.contains(name) || session.channels.count < settings.maximumChannels else {
      throw ErrorInfo(
        .tooManyChannels, "a connection has at most \(settings.maximumChannels) channels", statusCode: 400)
    }
    let address = ChannelAddress(appId: session.principal.appId, name: name)
    let before = rooms[address]?.attachments[id]
    try checkRoom(for: wireName, in: address, before, of: session)
    let backlog = backlog(of: address, frame, modes, before, session, now: now)
    let attachment = Attachment(
      wireName: wireName, wanted: wanted, modes: modes,
      since: backlog.start(before) ?? store.mark(at: now))
    setAttachment(attachment, of: id, in: address)
    sessions[id]?.channels.insert(name)
    tellAttachment(of: id, to: address)
    sendAttached(address, attachment, backlog, frame, id, now: now)
    sync(address, id, now: now)
  }

  /// What was missed since the channel serial that the client shows.
  private enum Backlog {
    /// The channel begins here.
    case none
    /// It goes on, and nothing or this was missed.
    case since(String, ArraySlice<StoredMessage>)
    /// It would go on, but for this.
    case lost(ErrorInfo)
    /// Not missed but asked for (RTL4j, channel param `rewind`).
    case rewound(ArraySlice<StoredMessage>)

    /// The serial from which on the client knows the channel; `nil` for the one of this moment.
    func start(_ before: Attachment?) -> String? {
      switch self {
      case .none, .lost: nil
      case .since: before?.since
      case .rewound(let messages): messages.first?.serial
      }
    }
  }

  private func backlog(
    of address: ChannelAddress, _ frame: ClientFrame, _ modes: ProtocolFlags, _ before: Attachment?,
    _ session: Session, now: Int64
  ) -> Backlog {
    guard let serial = frame.channelSerial, before?.isLive == true || session.isResumed else {
      guard let rewind = Rewind(frame.params["rewind"]) else { return .none }
      return .rewound(store.latest(rewind.count, of: address, since: rewind.start(at: now)))
    }
    // Whoever was there all along has been sent everything.
    if before?.isLive == true { return .since(serial, []) }
    guard let before, before.since.map({ serial >= $0 }) ?? !modes.contains(.messageSubscribe) else {
      return .lost(
        ErrorInfo(
          .channelContinuityLost, "the connection had not attached the channel then, or without that right",
          statusCode: 404))
    }
    guard let missed = store.backlog(of: address, after: serial) else {
      return .lost(
        ErrorInfo(.channelContinuityLost, "some of what was published is not kept any more", statusCode: 404))
    }
    guard missed.count <= settings.maximumBacklog,
      missed.reduce(0, { $0 + $1.weight }) <= settings.maximumBacklogBytes
    else {
      return .lost(ErrorInfo(.channelBacklogTooLarge, "too much was published meanwhile", statusCode: 404))
    }
    return .since(serial, missed)
  }

  private mutating func sendAttached(
    _ address: ChannelAddress, _ attachment: Attachment, _ backlog: Backlog, _ frame: ClientFrame,
    _ id: String, now: Int64
  ) {
    var message = ProtocolMessage(.attached)
    message.channel = attachment.wireName
    message.flags = attachment.modes
    if rooms[address]?.members.isEmpty == false { message.flags.insert(.hasPresence) }
    message.params = frame.params.filter { ["rewind", "delta"].contains($0.key) }
    var missed: ArraySlice<StoredMessage> = []
    switch backlog {
    case .none: message.channelSerial = store.mark(at: now)
    case .lost(let error):
      message.channelSerial = store.mark(at: now)
      message.error = error
    case .since(let serial, let messages):
      message.channelSerial = max(serial, attachment.since ?? "")
      message.flags.insert(.resumed)
      missed = messages
    case .rewound(let messages):
      message.channelSerial = store.mark(at: now)
      if !messages.isEmpty { message.flags.insert(.hasBacklog) }
      missed = messages
    }
    send(message, to: id, now: now)
    deliver(missed, to: id, attachment, now: now)
  }

  /// Sends what was missed, by some tens in a frame.
  private mutating func deliver(
    _ messages: ArraySlice<StoredMessage>, to id: String, _ attachment: Attachment, now: Int64
  ) {
    guard attachment.modes.contains(.messageSubscribe), let session = sessions[id] else { return }
    var rest = messages.filter { session.parameters.echoes || $0.connectionId != id }[...]
    while !rest.isEmpty {
      let part = Self.part(of: rest) { $0.weight }
      rest = rest.dropFirst(part.count)
      send(Self.frame(part, channel: attachment.wireName), to: id, now: now)
    }
  }

  /// As much as goes into one frame: some tens, and so much that it is no frame that a client refuses, however its
  /// text is written.
  static func part<Element>(of rest: ArraySlice<Element>, weight: (Element) -> Int) -> [Element] {
    var (part, total): ([Element], Int) = ([], 0)
    for element in rest.prefix(maximumFrameCount) {
      total += weight(element)
      guard part.isEmpty || total <= maximumFrameWeight else { break }
      part.append(element)
    }
    return part
  }

  static let maximumFrameCount = 50
  static let maximumFrameWeight = 512 << 10

  static func notCovered(_ name: ChannelName) -> ErrorInfo {
    ErrorInfo(
      .capabilityDenied,
      "the capability covers nothing on the channel \(PeerText.line(name.text, maximumCount: 128))",
      statusCode: 401)
  }

  mutating func sendError(_ error: ErrorInfo, channel: String, _ id: String, now: Int64) {
    note(error.code)
    var message = ProtocolMessage(.error)
    message.channel = channel
    message.error = error
    send(message, to: id, now: now)
  }

  mutating func detach(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) {
    let wireName = try Self.channel(of: frame)
    if let name = try? ChannelName(wireName) { detach(name, id, now: now) }
    var message = ProtocolMessage(.detached)
    message.channel = wireName
    send(message, to: id, now: now)
  }

  private mutating func detach(_ name: ChannelName, _ id: String, now: Int64) {
    guard let session = sessions[id] else { return }
    leave(ChannelAddress(appId: session.principal.appId, name: name), id, now: now)
  }

  /// The connection has nothing to do with the channel any more, and its members leave.
  mutating func leave(_ address: ChannelAddress, _ id: String, now: Int64) {
    let wasAttached = rooms[address]?.attachments[id] != nil
    setAttachment(nil, of: id, in: address)
    sessions[id]?.channels.remove(address.name)
    if sharing == nil {
      removeMembers(of: id, from: address, now: now)
    } else if wasAttached {
      tell(.about(.detached, id, address))
    }
    if rooms[address]?.isEmpty == true { rooms[address] = nil }
  }
}
