internal import AblyTokens

extension LogEntry {
  /// Messages of one publish.
  ///
  /// - Parameters:
  ///   - publisher: whose they are, besides their clientId.
  ///   - base: what the ids of messages without one begin with.
  ///   - connectionId: the connection they come by; `nil` over HTTP, where no base comes twice.
  static func publish(
    _ drafts: [MessageDraft], to address: ChannelAddress, by publisher: String, base: String,
    from connectionId: String?
  ) -> LogEntry {
    var entry = LogEntry(.message, address)
    entry.connection = connectionId ?? ""
    entry.head = base
    entry.payload = JSONValue.array(drafts.map(\.logged)).text
    if drafts.contains(where: { $0.id != nil }) {
      entry.isEach = true
      entry.marks = drafts.map { draft in
        LogMark.message(address, "\(publisher)\n\(draft.clientId ?? "")", draft.id ?? "")
      }
    } else if connectionId != nil {
      entry.marks = [LogMark.message(address, "", base)]
    }
    return entry
  }

  /// A change of a member.
  static func change(
    _ key: MemberKey, leaves: Bool, _ draft: MessageDraft, id: String, in address: ChannelAddress
  ) -> LogEntry {
    var entry = LogEntry(.presence, address)
    entry.connection = key.connectionId
    entry.marks = [LogMark.member(key)]
    entry.leaves = leaves
    entry.isBare = leaves && draft.data == nil
    entry.head = JSONValue.object(["clientId": .string(key.clientId), "id": .string(id)]).text
    entry.payload = JSONValue.object(draft.loggedData).text
    entry.extras = draft.extras?.text
    return entry
  }

  /// Something about a connection, or about it and a channel.
  static func about(_ kind: Kind, _ connectionId: String, _ address: ChannelAddress? = nil) -> LogEntry {
    var entry = address.map { LogEntry(kind, $0) } ?? LogEntry(kind)
    entry.connection = connectionId
    return entry
  }

  /// A connection has attached a channel, or may do something else there.
  static func attached(
    _ connectionId: String, _ address: ChannelAddress, _ attachment: Attachment
  ) -> LogEntry {
    var entry = about(.attached, connectionId, address)
    entry.payload = attachment.logged.text
    return entry
  }

  /// Clients are to show another token: those of a connection, of an identity, or all.
  static func demand(connectionId: String?, clientId: String?) -> LogEntry {
    var entry = LogEntry(.demand)
    var members: [String: JSONValue] = [:]
    members["connectionId"] = connectionId.map(JSONValue.string)
    members["clientId"] = clientId.map(JSONValue.string)
    entry.payload = JSONValue.object(members).text
    return entry
  }

  /// Something is to happen to clients, wherever they are connected.
  static func command(_ command: FaultCommand, by node: String) -> LogEntry {
    var entry = LogEntry(.demand)
    entry.payload = command.logged(by: node).text
    return entry
  }

  private init(_ kind: Kind, _ address: ChannelAddress) {
    self.init(kind)
    app = address.appId
    channel = address.name.text
    room = LogMark.room(address)
  }
}
