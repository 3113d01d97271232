/// Who is present on a channel.
struct PresenceSet: Sendable {
  private var members: [MemberKey: StoredMessage] = [:]
  private var keysByConnection: [String: Set<MemberKey>] = [:]

  /// The keys with their texts, in the order of these: all who attach ask for it.
  private var order: [(text: String, key: MemberKey)] = []

  /// What they take in memory, roughly.
  private(set) var weight = 0

  var isEmpty: Bool { members.isEmpty }

  var count: Int { members.count }

  subscript(key: MemberKey) -> StoredMessage? {
    get { members[key] }
    set {
      weight += (newValue?.weight ?? 0) - (members[key]?.weight ?? 0)
      if (members[key] == nil) != (newValue == nil) { reorder(key, isThere: newValue != nil) }
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
    order.compactMap { entry in members[entry.key].map { (key: entry.key, member: $0) } }
  }

  private mutating func reorder(_ key: MemberKey, isThere: Bool) {
    let text = key.text
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if order[middle].text < text { low = middle + 1 } else { high = middle }
    }
    guard !isThere else { return order.insert((text, key), at: low) }
    // Texts that are canonically equivalent are of one place, and of keys that are not equal.
    if let place = order[low...].firstIndex(where: { $0.key == key }) { order.remove(at: place) }
  }
}
