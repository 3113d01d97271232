public import AblyTokens

extension FaultRule {
  /// Reads a rule: `{"match":{…},"action":{…},"times":1,"comment":"…"}`.
  ///
  /// - Throws: 40000 for what is no rule.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard let match = json["match"], let action = json["action"] else {
      throw Self.invalid("a rule has a match and an action")
    }
    self.init(
      try Match(json: match), try Action(json: action), times: try Self.count("times", in: json),
      comment: json["comment"]?.string)
  }

  static func count(_ name: String, in json: JSONValue) throws(ErrorInfo) -> Int? {
    guard let value = json[name] else { return nil }
    guard let count = value.number?.int64, count > 0, let count = Int(exactly: count) else {
      throw invalid("\(name) is a whole number above zero")
    }
    return count
  }

  static func invalid(_ why: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "the fault rule is not valid: \(why)", statusCode: 400)
  }
}

extension FaultRule.Match {
  /// - Throws: 40000 for an unknown type, or a member of the wrong kind.
  init(json: JSONValue) throws(ErrorInfo) {
    let count = try FaultRule.count("count", in: json)
    let action = try json.optionalText("action", of: "match")
    let channel = try json.optionalText("channel", of: "match")
    switch json["type"]?.string {
    case "ws_connect":
      self = .connect(count: count, query: json["queryContains"]?.object?.compactMapValues(\.string) ?? [:])
    case "ws_frame_to_client": self = .frameToClient(action: action, channel: channel, count: count)
    case "ws_frame_to_server": self = .frameToServer(action: action, channel: channel, count: count)
    case "http_request":
      self = .request(
        method: try json.optionalText("method", of: "match")?.uppercased(),
        path: try json.optionalText("pathContains", of: "match"), count: count)
    case "delay_after_ws_connect":
      self = .afterConnect(milliseconds: try FaultRule.milliseconds(in: json))
    default: throw FaultRule.invalid("the type of its match is not known")
    }
  }
}

extension FaultRule.Action {
  /// - Throws: 40000 for an unknown type, or a member of the wrong kind.
  init(json: JSONValue) throws(ErrorInfo) {
    switch json["type"]?.string {
    case "passthrough": self = .passthrough
    case "refuse_connection", "disconnect": self = .refuse
    case "accept_and_close", "close": self = .close(code: try Self.code(json) ?? 1000)
    case "suppress": self = .suppress
    case "suppress_onwards": self = .suppressOnwards
    case "delay", "http_delay": self = .delay(milliseconds: try FaultRule.milliseconds(in: json))
    case "inject_to_client": self = .inject(try Self.message(json))
    case "inject_to_client_and_close":
      self = .injectAndClose(try Self.message(json), code: try Self.code(json))
    case "replace": self = .replace(try Self.message(json))
    case "http_respond":
      self = .respond(status: try Self.status(json), body: json["body"] ?? .null, headers: Self.headers(json))
    case "http_replace_response":
      self = .respondInstead(
        status: try Self.status(json), body: json["body"] ?? .null, headers: Self.headers(json))
    case "http_drop": self = .drop
    default: throw FaultRule.invalid("the type of its action is not known")
    }
  }

  private static func status(_ json: JSONValue) throws(ErrorInfo) -> Int {
    guard let status = json["status"]?.number?.int64, (200...599).contains(status) else {
      throw FaultRule.invalid("a status is a number from 200 to 599")
    }
    return Int(status)
  }

  private static func headers(_ json: JSONValue) -> [String: String] {
    json["headers"]?.object?.compactMapValues(\.string) ?? [:]
  }

  private static func code(_ json: JSONValue) throws(ErrorInfo) -> UInt16? {
    guard let value = json["closeCode"] else { return nil }
    guard let code = value.number?.int64, (1000...4999).contains(code) else {
      throw FaultRule.invalid("a closeCode is a number from 1000 to 4999")
    }
    return UInt16(code)
  }

  private static func message(_ json: JSONValue) throws(ErrorInfo) -> JSONValue {
    guard let message = json["message"], message.object != nil else {
      throw FaultRule.invalid("a message is an object")
    }
    return message
  }
}

extension FaultRule {
  private static let longest: Int64 = 3_600_000

  fileprivate static func milliseconds(in json: JSONValue) throws(ErrorInfo) -> Int64 {
    guard let delay = json["delayMs"]?.number?.int64, (0...longest).contains(delay) else {
      throw invalid("delayMs is a number from 0 to \(longest)")
    }
    return delay
  }
}
