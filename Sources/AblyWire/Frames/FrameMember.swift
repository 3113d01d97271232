/// The members of a protocol message (TR4).
enum FrameMember: UInt32 {
  case action, auth, channel, channelSerial, connectionDetails, connectionId, count, error, flags, id,
    messages
  case msgSerial, params, presence, results, timestamp

  init?(_ name: UnsafeRawBufferPointer) {
    switch name.count {
    case 2 where name.spells("id"): self = .id
    case 3 where name.spells("res"): self = .results
    case 4 where name.spells("auth"): self = .auth
    case 5 where name.spells("count"): self = .count
    case 5 where name.spells("flags"): self = .flags
    case 5 where name.spells("error"): self = .error
    case 6 where name.spells("action"): self = .action
    case 6 where name.spells("params"): self = .params
    case 7 where name.spells("channel"): self = .channel
    case 8 where name.spells("messages"): self = .messages
    case 8 where name.spells("presence"): self = .presence
    case 9 where name.spells("msgSerial"): self = .msgSerial
    case 9 where name.spells("timestamp"): self = .timestamp
    case 12 where name.spells("connectionId"): self = .connectionId
    case 13 where name.spells("channelSerial"): self = .channelSerial
    case 17 where name.spells("connectionDetails"): self = .connectionDetails
    default: return nil
    }
  }
}

/// The members of a message (TM2).
enum MessageMember: UInt32 {
  case action, annotations, clientId, connectionId, connectionKey, data, encoding, extras, id, name, serial
  case timestamp, version

  init?(_ name: UnsafeRawBufferPointer) {
    switch name.count {
    case 2 where name.spells("id"): self = .id
    case 4 where name.spells("data"): self = .data
    case 4 where name.spells("name"): self = .name
    case 6 where name.spells("action"): self = .action
    case 6 where name.spells("serial"): self = .serial
    case 6 where name.spells("extras"): self = .extras
    case 7 where name.spells("version"): self = .version
    case 8 where name.spells("clientId"): self = .clientId
    case 8 where name.spells("encoding"): self = .encoding
    case 9 where name.spells("timestamp"): self = .timestamp
    case 11 where name.spells("annotations"): self = .annotations
    case 12 where name.spells("connectionId"): self = .connectionId
    case 13 where name.spells("connectionKey"): self = .connectionKey
    default: return nil
    }
  }
}

/// The members that were read already: none comes twice.
struct ReadMembers {
  private var bits: UInt32 = 0

  /// Takes note of one; `false` for one that came before.
  mutating func insert(_ number: UInt32) -> Bool {
    let bit: UInt32 = 1 << number
    defer { bits |= bit }
    return bits & bit == 0
  }
}
