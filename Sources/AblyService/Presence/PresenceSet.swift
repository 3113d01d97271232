/// Who is present on a channel.
struct PresenceSet: Sendable {
  private var members: [MemberKey: StoredMessage] = [:]
  private var keysByConnection: [String: Set<MemberKey>] = [:]

  /// What they take in memory, roughly.
  private(set) var weight = 0

  var isEmpty: Bool { members.isEmpty }

  var count: Int { members.count }

  /// How many connections have a member.
  var connectionCount: Int { keysByConnection.count }

  subscript(key: MemberKey) -> StoredMessage? {
    get { members[key] }
    set {
      weight += (newValue?.weight ?? 0) - (members[key]?.weight ?? 0)
      members[key] = newValue
      if newValue != nil {
        keysByConnection[key.connectionId, default: []].insert(key)
      } else {
        keysByConnection[key.connectionId]?.remove(key)
        if keysByConnection[key.connectionId]?.isEmpty == true { keysByConnection[key.connectionId] = nil }
      }
    }
  }

  /// The members of one connection.
  func keys(of connectionId: String) -> [MemberKey] {
    (keysByConnection[connectionId] ?? []).sorted { $0.text < $1.text }
  }

  /// All members, in an order that stays while they do.
  var sorted: [(key: MemberKey, member: StoredMessage)] {
    members.map { (text: $0.key.text, key: $0.key, member: $0.value) }
      .sorted { $0.text < $1.text }.map { (key: $0.key, member: $0.member) }
  }
}
