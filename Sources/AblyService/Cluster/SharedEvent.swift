internal import AblyTokens
internal import AblyWire

/// What a node understands of a ``LogEvent``.
enum SharedEvent: Sendable {
  case messages(ChannelAddress, [StoredMessage])
  /// A member has become what the message says, or left.
  case member(ChannelAddress, MemberKey, StoredMessage, isLapse: Bool)
  /// A connection goes on at a node.
  case taken(connectionId: String, node: String)
  /// Clients are to show another token.
  case demand(connectionId: String?, clientId: String?)
  /// Something that an administrator lets happen, and has happened at that node already.
  case command(FaultCommand, from: String)

  /// `nil` for what a newer version wrote.
  init?(_ event: LogEvent, _ serials: LogSerials) {
    switch event.kind {
    case .message:
      guard let address = event.address, let messages = event.messages(serials) else { return nil }
      self = .messages(address, messages)
    case .presence:
      guard let address = event.address, let (key, change) = event.member(serials) else { return nil }
      self = .member(address, key, change, isLapse: event.note == LogEvent.Presence.lapse.rawValue)
    case .taken: self = .taken(connectionId: event.connection, node: event.payload)
    case .demand:
      guard let json = try? JSONValue(parsing: event.payload) else { return nil }
      if let author = json["from"]?.string {
        guard let command = try? FaultCommand(logged: json) else { return nil }
        self = .command(command, from: author)
      } else {
        self = .demand(connectionId: json["connectionId"]?.string, clientId: json["clientId"]?.string)
      }
    }
  }
}

extension LogEvent {
  var address: ChannelAddress? {
    (try? ChannelName(channel)).map { ChannelAddress(appId: app, name: $0) }
  }

  /// The messages of a publish that were not published before.
  func messages(_ serials: LogSerials) -> [StoredMessage]? {
    guard let items = (try? JSONValue(parsing: payload))?.array else { return nil }
    let earlier = LogReceipt.places(note)
    return items.enumerated().compactMap { index, item in
      guard earlier[index] == nil else { return nil }
      let draft = MessageDraft(logged: item)
      return StoredMessage(
        draft, MessageIdentity(id: draft.id ?? "\(head):\(index)"),
        serial: serials.serial(position, at: index),
        timestamp: position.time, connectionId: connection.isEmpty ? nil : connection)
    }
  }

  /// A member, and what became of it.
  func member(_ serials: LogSerials) -> (MemberKey, StoredMessage)? {
    guard let head = try? JSONValue(parsing: self.head), let clientId = head["clientId"]?.string,
      let json = try? JSONValue(parsing: payload), let presence = note.flatMap(Presence.init)
    else { return nil }
    var draft = MessageDraft(logged: json)
    draft.clientId = clientId
    draft.extras = extras.flatMap { try? JSONValue(parsing: $0) }
    let serial = serials.serial(position, at: 0)
    let id = presence.isOwn ? head["id"]?.string ?? serial : "leave:\(serial)"
    let change = StoredMessage(
      draft, MessageIdentity(id: draft.id ?? id), serial: serial,
      timestamp: position.time, connectionId: connection, presenceAction: presence.action)
    return (MemberKey(connectionId: connection, clientId: clientId), change)
  }
}

extension LogEvent.Presence {
  fileprivate var action: PresenceAction {
    switch self {
    case .enter: .enter
    case .update: .update
    case .leave, .gone, .lapse: .leave
    }
  }

  /// Whether its client did it. An id that is not of the form of a member's says that the service did (RTP2b1).
  fileprivate var isOwn: Bool { self != .gone && self != .lapse }
}
