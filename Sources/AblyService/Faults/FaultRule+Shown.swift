internal import AblyTokens

extension FaultRule {
  /// The rule as JSON, in the form in which it is read.
  var json: JSONValue {
    var members: [String: JSONValue] = ["match": match.json, "action": .object(action.members(after: match))]
    members["times"] = times.map { .number(JSONNumber($0)) }
    members["comment"] = comment.map(JSONValue.string)
    return .object(members)
  }
}

extension FaultRule.Match {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [:]
    switch self {
    case .connect(_, let query):
      members["type"] = "ws_connect"
      if !query.isEmpty { members["queryContains"] = .object(query.mapValues(JSONValue.string)) }
    case .frameToClient(let action, let channel, _):
      members["type"] = "ws_frame_to_client"
      members["action"] = action.map(JSONValue.string)
      members["channel"] = channel.map(JSONValue.string)
    case .frameToServer(let action, let channel, _):
      members["type"] = "ws_frame_to_server"
      members["action"] = action.map(JSONValue.string)
      members["channel"] = channel.map(JSONValue.string)
    case .request(let method, let path, _):
      members["type"] = "http_request"
      members["method"] = method.map(JSONValue.string)
      members["pathContains"] = path.map(JSONValue.string)
    case .afterConnect(let milliseconds):
      members["type"] = "delay_after_ws_connect"
      members["delayMs"] = .number(JSONNumber(milliseconds))
    }
    members["count"] = count.map { .number(JSONNumber($0)) }
    return .object(members)
  }

  fileprivate var isConnect: Bool { if case .connect = self { true } else { false } }

  fileprivate var isRequest: Bool { if case .request = self { true } else { false } }
}

extension FaultRule.Action {
  /// Where an action has two names, the one that goes with what was met.
  fileprivate func members(after match: FaultRule.Match) -> [String: JSONValue] {
    switch self {
    case .passthrough: ["type": "passthrough"]
    case .refuse: ["type": match.isConnect ? "refuse_connection" : "disconnect"]
    case .close(let code):
      ["type": match.isConnect ? "accept_and_close" : "close", "closeCode": .number(JSONNumber(Int(code)))]
    case .suppress: ["type": "suppress"]
    case .suppressOnwards: ["type": "suppress_onwards"]
    case .delay(let milliseconds):
      ["type": match.isRequest ? "http_delay" : "delay", "delayMs": .number(JSONNumber(milliseconds))]
    case .inject(let message): ["type": "inject_to_client", "message": message]
    case .injectAndClose(let message, let code):
      Self.withCode(code, ["type": "inject_to_client_and_close", "message": message])
    case .replace(let message): ["type": "replace", "message": message]
    case .respond(let status, let body, let headers):
      Self.answer("http_respond", status, body, headers)
    case .respondInstead(let status, let body, let headers):
      Self.answer("http_replace_response", status, body, headers)
    case .drop: ["type": "http_drop"]
    }
  }

  private static func withCode(_ code: UInt16?, _ members: [String: JSONValue]) -> [String: JSONValue] {
    var members = members
    members["closeCode"] = code.map { .number(JSONNumber(Int($0))) }
    return members
  }

  private static func answer(
    _ type: String, _ status: Int, _ body: JSONValue, _ headers: [String: String]
  ) -> [String: JSONValue] {
    var members: [String: JSONValue] = [
      "type": .string(type), "status": .number(JSONNumber(status)), "body": body,
    ]
    if !headers.isEmpty { members["headers"] = .object(headers.mapValues(JSONValue.string)) }
    return members
  }
}
