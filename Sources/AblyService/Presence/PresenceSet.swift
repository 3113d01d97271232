internal import AblyTokens

/// Who is present on a channel.
struct PresenceSet: Sendable {
  private var members: [MemberKey: StoredMessage] = [:]

  var isEmpty: Bool { members.isEmpty }

  var count: Int { members.count }

  /// How many connections have a member.
  var connectionCount: Int { Set(members.keys.map(\.connectionId)).count }

  subscript(key: MemberKey) -> StoredMessage? {
    get { members[key] }
    set { members[key] = newValue }
  }

  /// The members of one connection.
  func keys(of connectionId: String) -> [MemberKey] {
    members.keys.filter { $0.connectionId == connectionId }.sorted { $0.text < $1.text }
  }

  /// All members, in an order that stays while they do.
  var sorted: [(key: MemberKey, member: StoredMessage)] {
    members.map { (key: $0.key, member: $0.value) }.sorted { $0.key.text < $1.key.text }
  }
}
