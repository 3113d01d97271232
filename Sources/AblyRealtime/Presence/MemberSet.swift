internal import AblyWire

/// Members of a channel by a key of theirs: no more than memory should hold of them.
struct MemberSet: Sendable {
  static let maximumCount = 65_536
  /// Roughly.
  static let maximumBytes = 64 << 20

  private(set) var members: [String: PresenceMessage] = [:]
  private var bytes = 0

  subscript(key: String) -> PresenceMessage? { members[key] }

  /// Keeps what is known of a member now, instead of what was.
  ///
  /// - Parameter stale: how many of those that are kept a listing has not named yet. Most of them are about to go, so
  ///   they take no room from others.
  /// - Returns: whether there is room for it. Where there is none, nothing is kept of this member.
  mutating func keep(_ member: PresenceMessage, as key: String, besides stale: Int = 0) -> Bool {
    remove(key)
    let weight = Self.weight(member, key)
    let room = (stale == 0 ? 1 : 2) * Self.maximumBytes
    guard members.count - stale < Self.maximumCount, weight <= room - bytes else { return false }
    members[key] = member
    bytes += weight
    return true
  }

  @discardableResult
  mutating func remove(_ key: String) -> PresenceMessage? {
    guard let member = members.removeValue(forKey: key) else { return nil }
    bytes -= Self.weight(member, key)
    return member
  }

  mutating func removeAbsent() {
    for (key, member) in members where member.action == .absent { remove(key) }
  }

  private static func weight(_ member: PresenceMessage, _ key: String) -> Int {
    member.weight + key.utf8.count
  }
}
