internal import AblyRealtime
internal import AblyTokens
internal import AblyWire

extension ConnectionStateChange {
  /// The change as the command line prints it.
  var json: JSONValue {
    let reason = reason?.json ?? .null
    if event == .update { return ["event": "update", "reason": reason] }
    var members: [String: JSONValue] = [
      "event": "state", "previous": .string(previous.rawValue), "current": .string(current.rawValue),
      "reason": reason,
    ]
    if let retryIn, let milliseconds = Milliseconds.of(retryIn) {
      members["retryIn"] = .number(JSONNumber(milliseconds))
    }
    return .object(members)
  }
}

extension ChannelStateChange {
  /// The change as the command line prints it. An UPDATE says that it is one, and whether nothing was lost (RTL2g):
  /// its states are those of a change that is none.
  func json(of channel: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "event": "channel", "channel": .string(channel), "previous": .string(previous.rawValue),
      "current": .string(current.rawValue), "reason": reason?.json ?? .null,
    ]
    if event == .update {
      members["update"] = true
      members["resumed"] = .bool(resumed)
    }
    return .object(members)
  }
}

extension Message {
  /// The message as the command line prints it when it comes.
  func event(on channel: String) -> JSONValue {
    [
      "event": "message", "channel": .string(channel), "name": name.map(JSONValue.string) ?? .null,
      "data": data?.plainJSON ?? .null, "clientId": clientId.map(JSONValue.string) ?? .null,
    ]
  }
}

extension PresenceMessage {
  /// What became of a member, as the command line prints it.
  func event(on channel: String) -> JSONValue {
    [
      "event": "presence", "channel": .string(channel), "action": action.map(Self.name(of:)) ?? .null,
      "data": data?.plainJSON ?? .null, "clientId": clientId.map(JSONValue.string) ?? .null,
      "connectionId": connectionId.map(JSONValue.string) ?? .null,
    ]
  }

  /// What an action is called in lines, in results as in events.
  static func name(of action: PresenceAction) -> JSONValue {
    switch action {
    case .absent: "absent"
    case .present: "present"
    case .enter: "enter"
    case .leave: "leave"
    case .update: "update"
    default: .number(JSONNumber(action.rawValue))
    }
  }
}
