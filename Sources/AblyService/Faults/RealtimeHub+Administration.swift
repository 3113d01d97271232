internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// The connections of a client, or one of them, or all.
  func ids(connectionId: String?, clientId: String?) -> [String] {
    sessions.values.filter { session in
      session.transport != nil && (connectionId ?? session.id) == session.id
        && (clientId.map { session.principal.identity.clientId?.isSpelt(as: $0) == true } ?? true)
    }.map(\.id)
  }

  /// All connections for whoever looks into the service, without their keys.
  var connectionsJSON: [JSONValue] {
    sessions.values.sorted { ($0.openedAt, $0.id) < ($1.openedAt, $1.id) }.map { session in
      var members: [String: JSONValue] = [
        "connectionId": .string(session.id), "appId": .string(session.principal.appId),
        "keyName": .string(session.principal.key.keyName), "isLive": .bool(session.transport != nil),
        "opened": .number(JSONNumber(session.openedAt)),
        "version": .number(JSONNumber(session.parameters.version)),
        "format": session.parameters.format == .json ? "json" : "msgpack",
        "channels": .array(session.channels.map(\.text).sorted().map(JSONValue.string)),
        "capability": .string(session.principal.capability.canonicalText),
        "hasKey": .bool(session.principal.hasKey),
        "isRevocable": .bool(session.principal.key.serviceKey.revocableTokens),
      ]
      members["clientId"] = session.principal.identity.clientId.map(JSONValue.string)
      members["expires"] = session.principal.token.map { .number(JSONNumber($0.expires)) }
      return .object(members)
    }
  }
}
