internal import AblyTokens

extension Message {
  /// About how many bytes of memory it takes. Nothing is written out to learn that: it can be asked of each message
  /// that comes.
  package var weight: Int {
    var weight = MemoryLayout<Message>.stride
    weight += id.weight + name.weight + encoding.weight + clientId.weight
    weight += connectionId.weight + connectionKey.weight + serial.weight
    weight += (data?.weight ?? 0) + (extras?.weight ?? 0)
    weight += (annotations?.weight ?? 0) + (knownVersion?.weight ?? 0)
    return weight
  }
}

extension PresenceMessage {
  /// About how many bytes of memory it takes, as that of a message; see ``Message/weight``.
  package var weight: Int {
    var weight = MemoryLayout<PresenceMessage>.stride
    weight += id.weight + clientId.weight + connectionId.weight + encoding.weight
    weight += (data?.weight ?? 0) + (extras?.weight ?? 0)
    return weight
  }
}

extension String? {
  fileprivate var weight: Int { self?.utf8.count ?? 0 }
}

extension MessageData {
  fileprivate var weight: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .binary(let bytes): bytes.count
    case .json(let value): value.weight
    }
  }
}

extension MessageVersion {
  fileprivate var weight: Int {
    // The other form is a tree, which ``json`` hands out as it is.
    if let usual { usual.serial.utf8.count } else { json.weight }
  }
}

extension JSONValue {
  fileprivate var weight: Int {
    let place = MemoryLayout<JSONValue>.stride
    return switch self {
    case .null, .bool: place
    case .number(let number): place + number.literal.utf8.count
    case .string(let text): place + text.utf8.count
    case .array(let elements): elements.reduce(place) { $0 + $1.weight }
    case .object(let members):
      members.reduce(place) { $0 + MemoryLayout<String>.stride + $1.key.utf8.count + $1.value.weight }
    }
  }
}
