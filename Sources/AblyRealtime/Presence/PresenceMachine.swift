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
  private var members = MemberSet()
  private var ownMembers = MemberSet()
  private var sync: Sync?
  private var wasSynced = false
  /// Whether somebody could not be kept since the latest listing began: there is no telling who is there.
  private(set) var isOverfull = false

  /// Those of this connection, by client id (RTP17h): they enter again by themselves.
  var own: [String: PresenceMessage] { ownMembers.members }

  /// Whether all members are known (RTP13).
  var isSynced: Bool { wasSynced && !isOverfull }

  /// Those that are there, as far as they are kept.
  var present: [PresenceMessage] { members.members.values.filter { $0.action != .absent } }

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
    keep(message.with(.present), as: key)
    return message
  }

  private mutating func left(_ message: PresenceMessage) -> PresenceMessage? {
    let key = message.memberKey
    // It may be one that could not be kept.
    guard let known = members[key] else { return isOverfull ? message : nil }
    guard message.isNewer(than: known) else { return nil }
    guard sync != nil else {
      members.remove(key)
      return known.action == .absent ? nil : message
    }
    sync?.unseen.remove(key)
    keep(message.with(.absent), as: key)
    return nil
  }

  private mutating func keep(_ message: PresenceMessage, as key: String) {
    if !members.keep(message, as: key, besides: sync?.unseen.count ?? 0) { isOverfull = true }
  }

  private mutating func applyToOwn(_ message: PresenceMessage) {
    guard let clientId = message.clientId else { return }
    // Numbers of another connection say nothing about which came first.
    if let known = ownMembers[clientId], known.connectionId == message.connectionId,
      !message.isNewer(than: known)
    {
      return
    }
    switch message.action {
    case .enter, .update, .present:
      if !ownMembers.keep(message.with(.present), as: clientId) { isOverfull = true }
    case .leave: if !message.isSynthesized { ownMembers.remove(clientId) }
    default: break
    }
  }

  /// A sync begins, and one that was under way no longer counts (RTP18a).
  mutating func beginSync(_ sequence: String?) {
    members.removeAbsent()
    sync = Sync(sequence: sequence, unseen: Set(members.members.keys))
    wasSynced = false
    isOverfull = false
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
    let gone = (sync?.unseen ?? []).sorted().compactMap { members.remove($0) }
    members.removeAbsent()
    sync = nil
    wasSynced = true
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
