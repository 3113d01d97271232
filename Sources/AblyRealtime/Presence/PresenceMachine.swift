internal import AblyTokens
internal import AblyWire

/// Who is present on a channel, as far as the service has told (RTP2).
struct PresenceMachine: Sendable {
  /// A listing of all members that the service is sending (RTP18).
  struct Sync: Sendable {
    /// Names it; `nil` while nothing of it came.
    var sequence: String?
    /// Those that were known before and have not come up in it (RTP19).
    var unseen: Set<String>
  }

  /// By member key. Those that left while a sync goes on are kept as absent until its end (RTP2h2).
  private var members: [String: PresenceMessage] = [:]
  /// Those of this connection, by client id (RTP17h): they enter again by themselves.
  private(set) var own: [String: PresenceMessage] = [:]
  private var sync: Sync?
  /// Whether all members are known (RTP13).
  private(set) var isSynced = false

  /// Those that are there.
  var present: [PresenceMessage] { members.values.filter { $0.action != .absent } }

  /// - Returns: what listeners learn of it; `nil` when it is old news.
  mutating func apply(_ message: PresenceMessage, connectionId: String?) -> PresenceMessage? {
    if message.connectionId != nil, message.connectionId == connectionId { applyToOwn(message) }
    switch message.action {
    case .enter, .update, .present: return arrived(message)
    case .leave: return left(message)
    default: return nil
    }
  }

  private mutating func arrived(_ message: PresenceMessage) -> PresenceMessage? {
    let key = message.memberKey
    sync?.unseen.remove(key)
    if let known = members[key], !message.isNewer(than: known) { return nil }
    members[key] = message.with(.present)
    return message
  }

  private mutating func left(_ message: PresenceMessage) -> PresenceMessage? {
    let key = message.memberKey
    guard let known = members[key], message.isNewer(than: known) else { return nil }
    guard sync != nil else {
      members[key] = nil
      return known.action == .absent ? nil : message
    }
    sync?.unseen.remove(key)
    members[key] = message.with(.absent)
    return nil
  }

  private mutating func applyToOwn(_ message: PresenceMessage) {
    guard let clientId = message.clientId else { return }
    // Numbers of another connection say nothing about which came first.
    if let known = own[clientId], known.connectionId == message.connectionId, !message.isNewer(than: known) {
      return
    }
    switch message.action {
    case .enter, .update, .present: own[clientId] = message.with(.present)
    case .leave: if !message.isSynthesized { own[clientId] = nil }
    default: break
    }
  }

  /// A sync begins, and one that was under way no longer counts (RTP18a).
  mutating func beginSync(_ sequence: String?) {
    members = members.filter { $0.value.action != .absent }
    sync = Sync(sequence: sequence, unseen: Set(members.keys))
    isSynced = false
  }

  /// A part of a sync came.
  mutating func continueSync(_ sequence: String?) {
    guard let known = sync?.sequence else {
      if sync == nil { beginSync(sequence) } else { sync?.sequence = sequence }
      return
    }
    if known != sequence { beginSync(sequence) }
  }

  /// - Returns: those that are not there any more (RTP19).
  mutating func endSync(at milliseconds: Int64) -> [PresenceMessage] {
    let gone = (sync?.unseen ?? []).sorted().compactMap { members.removeValue(forKey: $0) }
    members = members.filter { $0.value.action != .absent }
    sync = nil
    isSynced = true
    return gone.map { $0.leaving(at: milliseconds) }
  }

  /// Nobody is there (RTP1, RTP19a).
  mutating func leaveAll(at milliseconds: Int64) -> [PresenceMessage] {
    beginSync(nil)
    return endSync(at: milliseconds)
  }
}

extension PresenceMessage {
  fileprivate func with(_ action: PresenceAction) -> PresenceMessage {
    var message = self
    message.action = action
    return message
  }

  fileprivate func leaving(at milliseconds: Int64) -> PresenceMessage {
    var message = with(.leave)
    message.id = nil
    message.timestamp = Milliseconds.date(milliseconds)
    return message
  }
}
