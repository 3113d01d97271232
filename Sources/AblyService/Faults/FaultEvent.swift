internal import AblyTokens
internal import AblyWire

/// Something that a rule can meet.
enum FaultEvent: Sendable {
  case connect(query: [String: String])
  case frameToClient(ProtocolAction, channel: String?)
  case frameToServer(ProtocolAction, channel: String?)
  case request(method: String, path: String)
}

extension FaultRule.Match {
  /// Whether it is of this kind, whichever in number.
  func meets(_ event: FaultEvent) -> Bool {
    switch (self, event) {
    case (.connect(_, let wanted), .connect(let query)):
      wanted.allSatisfy { name, value in query[name].map { value == "*" || value == $0 } ?? false }
    case (.frameToClient(let action, let channel, _), .frameToClient(let own, let ownChannel)),
      (.frameToServer(let action, let channel, _), .frameToServer(let own, let ownChannel)):
      (action.map { Self.names(own).contains($0) } ?? true) && (channel.map { $0 == ownChannel } ?? true)
    case (.request(let method, let part, _), .request(let own, let path)):
      (method.map { $0 == own } ?? true) && (part.map { path.contains($0) } ?? true)
    default: false
    }
  }

  var count: Int? {
    switch self {
    case .connect(let count, _), .frameToClient(_, _, let count), .frameToServer(_, _, let count),
      .request(_, _, let count):
      count
    case .afterConnect: nil
    }
  }

  private static func names(_ action: ProtocolAction) -> [String] {
    let number = String(action.rawValue)
    return actionNames.indices.contains(action.rawValue) ? [number, actionNames[action.rawValue]] : [number]
  }

  /// What frames are called, in the order of their numbers.
  static let actionNames = [
    "HEARTBEAT", "ACK", "NACK", "CONNECT", "CONNECTED", "DISCONNECT", "DISCONNECTED", "CLOSE", "CLOSED",
    "ERROR", "ATTACH", "ATTACHED", "DETACH", "DETACHED", "PRESENCE", "MESSAGE", "SYNC", "AUTH", "ACTIVATE",
    "OBJECT", "OBJECT_SYNC", "ANNOTATION",
  ]
}
