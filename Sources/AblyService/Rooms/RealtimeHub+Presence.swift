internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// PRESENCE from a client: ACK or NACK (RTP8 to RTP10, RTP14).
  mutating func changePresence(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) {
    let wireName = try Self.channel(of: frame)
    let serial = try Self.serial(of: frame)
    do throws(ErrorInfo) {
      let address = try self.address(wireName, id)
      let changes = try changes(frame, id, address, serial)
      guard sharing == nil else { return propose(changes, from: id, to: address, serial: serial) }
      for change in changes { apply(change, from: id, to: address, now: now) }
      // After its own members have come back to it: who asks then who is there is among them.
      ack(serial, id, now: now)
    } catch {
      nack(serial, error, id, now: now)
    }
  }

  private struct Change {
    let action: PresenceAction
    let clientId: String
    let draft: MessageDraft
    let messageId: String
  }

  /// - Throws: 91001 where the channel is not attached, 40160 without the capability, 40165 without the mode,
  ///   91000 where there is no identity to enter with, 91003 for too many members, 40000 for an action that
  ///   no client may send, and what ``MessageDraft`` and ``Identity`` do.
  private func changes(
    _ frame: ClientFrame, _ id: String, _ address: ChannelAddress, _ serial: Int64
  ) throws(ErrorInfo) -> [Change] {
    guard let session = sessions[id] else { throw ConnectionKey.unknown }
    guard let attachment = rooms[address]?.attachments[id], attachment.isLive else {
      throw ErrorInfo(.presenceInWrongChannelState, "the channel is not attached", statusCode: 400)
    }
    try session.principal.require(.presence, on: address.name)
    guard attachment.modes.contains(.presence) else {
      throw ErrorInfo(
        .channelModeNotRequested, "the channel was attached without the mode presence", statusCode: 401)
    }
    guard let items = frame.presence?.array, !items.isEmpty, items.count <= MessageDraft.maximumPublishCount
    else { throw ErrorInfo(.badRequest, "there is no presence message in the frame", statusCode: 400) }
    var changes: [Change] = []
    for (index, item) in items.enumerated() {
      changes.append(try change(item, session, address.name, "\(id):\(serial):\(index)"))
    }
    try checkRoom(for: changes, of: id, in: address)
    return changes
  }

  // Who updates or leaves takes no place.
  private func checkRoom(for changes: [Change], of id: String, in address: ChannelAddress) throws(ErrorInfo) {
    let members = rooms[address]?.members ?? PresenceSet()
    let entering = changes.filter { $0.action != .leave }
    let fresh = Set(entering.map { MemberKey(connectionId: id, clientId: $0.clientId) })
      .filter { members[$0] == nil }
    guard fresh.isEmpty || members.count + fresh.count <= settings.maximumMembers else {
      throw ErrorInfo(
        .tooManyPresenceMembers, "a channel has at most \(settings.maximumMembers) members", statusCode: 400)
    }
    try checkWeight(of: changes, among: members, of: id)
  }

  /// - Throws: 91003 where members would take too much memory, those of the channel, of the connection or all
  ///   together.
  private func checkWeight(
    of changes: [Change], among members: PresenceSet, of id: String
  ) throws(ErrorInfo) {
    var (more, weights): (Int, [MemberKey: Int]) = (0, [:])
    for change in changes {
      let key = MemberKey(connectionId: id, clientId: change.clientId)
      let before = weights[key] ?? members[key]?.weight ?? 0
      let after = change.action == .leave ? 0 : change.draft.size + Self.memberOverhead
      weights[key] = after
      more += after - before
    }
    guard more > 0 else { return }
    guard members.weight + more <= settings.maximumMembersBytes,
      (sessions[id]?.memberWeight ?? 0) + more <= settings.maximumMembersBytesOfOne,
      memberWeight + more <= settings.maximumMembersBytesOfAll
    else { throw Self.tooManyMembers }
  }

  static let tooManyMembers = ErrorInfo(
    .tooManyPresenceMembers,
    "the members of the channel, of the connection or all together take too much memory", statusCode: 400)

  /// What a member takes besides its data, in bytes, at most.
  static let memberOverhead = 512

  mutating func set(_ member: StoredMessage?, _ key: MemberKey, in address: ChannelAddress) {
    guard rooms[address] != nil else { return }
    let more = (member?.weight ?? 0) - (rooms[address]?.members[key]?.weight ?? 0)
    rooms[address]?.members[key] = member
    memberWeight += more
    sessions[key.connectionId]?.memberWeight += more
  }

  private func change(
    _ item: JSONValue, _ session: Session, _ channel: ChannelName, _ messageId: String
  ) throws(ErrorInfo) -> Change {
    var draft = try MessageDraft(item)
    guard draft.size <= MessageDraft.maximumPublishBytes else {
      throw ErrorInfo(
        .maxMessageSizeExceeded, "a member takes more than \(MessageDraft.maximumPublishBytes) bytes",
        statusCode: 413)
    }
    let number = item["action"]?.number?.int64 ?? 0
    guard let action = [PresenceAction.enter, .update, .leave].first(where: { $0.rawValue == number }) else {
      throw ErrorInfo(.badRequest, "a member enters, updates or leaves", statusCode: 400)
    }
    guard let clientId = try session.principal.identity.publisher(writing: draft.clientId) else {
      throw ErrorInfo(
        .presenceRequiresClientId, "nobody is present without a clientId", statusCode: 400,
        remedy: "Use a token with a clientId, or name one that the credentials may take.")
    }
    draft.clientId = clientId
    draft.claim = session.principal.claim(on: channel)
    if draft.isPrivileged { try session.principal.require(.privilegedHeaders, on: channel) }
    // A member that comes back by the same connection is the same as before (RTP17g).
    let own = draft.id.flatMap { $0.hasPrefix("\(session.id):") ? $0 : nil }
    draft.id = nil
    return Change(action: action, clientId: clientId, draft: draft, messageId: own ?? messageId)
  }

  private mutating func propose(
    _ changes: [Change], from id: String, to address: ChannelAddress, serial: Int64
  ) {
    sessions[id]?.hasEntered = true
    let entries = changes.map { change in
      LogEntry.change(
        MemberKey(connectionId: id, clientId: change.clientId), leaves: change.action == .leave,
        change.draft, id: change.messageId, in: address)
    }
    propose(entries, for: id, serial: serial)
  }

  private mutating func apply(_ change: Change, from id: String, to address: ChannelAddress, now: Int64) {
    let key = MemberKey(connectionId: id, clientId: change.clientId)
    let before = rooms[address]?.members[key]
    var draft = change.draft
    var action = change.action
    switch action {
    case .leave:
      guard let before else { return }
      // Who leaves without a word is shown with the last one.
      if draft.data == nil { draft = draft.carrying(before) }
    default: action = before == nil ? .enter : .update
    }
    let stored = store.append(action, draft, id: change.messageId, to: address, from: id, now: now)
    set(action == .leave ? nil : stored, key, in: address)
    announce(stored, in: address, now: now)
  }

  /// Those whose connection is over, or has nothing to do with the channel any more.
  mutating func removeMembers(of id: String, from address: ChannelAddress, now: Int64) {
    guard sharing == nil else {
      if sessions[id]?.hasEntered == true { tell(.about(.withdrawal, id, address)) }
      return
    }
    for key in rooms[address]?.members.keys(of: id) ?? [] { remove(key, from: address, now: now) }
  }

  mutating func remove(_ key: MemberKey, from address: ChannelAddress, now: Int64) {
    guard let member = rooms[address]?.members[key] else { return }
    guard sharing == nil else {
      let draft = MessageDraft(leaving: member, clientId: key.clientId)
      return tell(.change(key, leaves: true, draft, id: "leave:\(member.serial)", in: address))
    }
    set(nil, key, in: address)
    let draft = MessageDraft(leaving: member, clientId: key.clientId)
    // An id that is not of the form of a member's says that the service wrote it (RTP2b1).
    let mark = store.mark(at: now)
    let stored = store.append(
      .leave, draft, id: "leave:\(mark)", to: address, from: key.connectionId, now: now)
    announce(stored, in: address, now: now)
  }

  /// Those that its client may not be any more, by the token it has now.
  mutating func removeMembersOfOthers(of id: String, from address: ChannelAddress, now: Int64) {
    guard let identity = sessions[id]?.principal.identity else { return }
    for key in rooms[address]?.members.keys(of: id) ?? []
    where (try? identity.publisher(writing: key.clientId)) == nil {
      remove(key, from: address, now: now)
    }
  }

  mutating func announce(_ change: StoredMessage, in address: ChannelAddress, now: Int64) {
    guard let room = rooms[address] else { return }
    var frames: [String: OutgoingFrame] = [:]
    for (id, attachment) in room.attachments
    where attachment.isLive && attachment.modes.contains(.presenceSubscribe) {
      let frame = frames[attachment.wireName] ?? Self.frame(change, channel: attachment.wireName)
      frames[attachment.wireName] = frame
      send(frame, to: id, now: now)
    }
  }

  private static func frame(_ change: StoredMessage, channel: String) -> OutgoingFrame {
    var message = ProtocolMessage(.presence)
    message.channel = channel
    message.id = change.id
    message.channelSerial = change.serial
    message.connectionId = change.connectionId
    message.timestamp = change.timestamp
    message.presence = [change.presenceMessage()]
    return OutgoingFrame(message, weight: change.weight)
  }

  // MARK: - Sync

  /// A client asks for the members once more.
  mutating func sync(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) {
    let wireName = try Self.channel(of: frame)
    guard let address = try? address(wireName, id) else { return }
    sync(address, id, now: now)
  }

  /// Sends all members, some tens in a frame (RTP18).
  mutating func sync(_ address: ChannelAddress, _ id: String, now: Int64) {
    guard let room = rooms[address], let attachment = room.attachments[id], !room.members.isEmpty,
      attachment.modes.contains(.presenceSubscribe)
    else { return }
    let sequence = Base64.url.encode(store.mark(at: now).utf8)
    var rest = room.members.sorted[...]
    while !rest.isEmpty {
      let part = Self.part(of: rest) { $0.member.weight }
      rest = rest.dropFirst(part.count)
      var message = ProtocolMessage(.sync)
      message.channel = attachment.wireName
      message.channelSerial =
        "\(sequence):\(rest.isEmpty ? "" : Base64.url.encode(part.count.description.utf8))"
      message.presence = part.map { $0.member.presenceMessage(.present) }
      let weight = part.reduce(0) { $0 + $1.member.weight }
      send(OutgoingFrame(message, weight: weight), to: id, now: now)
    }
  }
}
