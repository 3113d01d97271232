internal import AblyTokens

/// A frame as it is noted for those who look into the service: without tokens and connection keys.
enum FrameNote {
  static func of(_ frame: JSONValue, toClient: Bool, at now: Int64) -> JSONValue {
    var members = frame.object ?? [:]
    members["auth"] = nil
    if case .object(var details)? = members["connectionDetails"] {
      details["connectionKey"] = nil
      members["connectionDetails"] = .object(details)
    }
    return [
      "type": "ws_frame", "time": .number(JSONNumber(now)),
      "direction": toClient ? "server_to_client" : "client_to_server", "message": .object(members),
    ]
  }

  private static let secret: Set<String> = ["key", "accessToken", "access_token", "resume", "recover"]

  /// A client that connects, with what is no secret in its query, and that there was one.
  static func connect(_ query: [String: String], at now: Int64) -> JSONValue {
    let shown = query.map { name, value in
      (name, JSONValue.string(secret.contains(name) ? "<redacted>" : PeerText.line(value, maximumCount: 256)))
    }
    return [
      "type": "ws_connect", "time": .number(JSONNumber(now)),
      "queryParams": .object(Dictionary(shown, uniquingKeysWith: { $1 })),
    ]
  }
}
