public import AblyTokens

extension FaultRule {
  /// Reads a rule: `{"match":{…},"action":{…},"times":1,"comment":"…"}`.
  ///
  /// - Throws: 40000 for what is no rule, and for a member that means nothing in it: the message names it, what stands
  ///   there, and what may.
  public init(json: JSONValue) throws(ErrorInfo) { try self.init(json: json, at: "the rule") }

  /// - Parameter place: where it stands, such as `rules[1]`.
  init(json: JSONValue, at place: String) throws(ErrorInfo) {
    let members = try FaultMembers(json, at: place)
    try members.refuseOthers(than: ["match", "action", "times", "comment"])
    let times = try members.number("times", in: 1...Int64(Int32.max))
    self.init(
      try Match(json: members.requiredObject("match"), at: "\(place).match"),
      try Action(json: members.requiredObject("action"), at: "\(place).action"),
      times: times.map { Int($0) }, comment: try members.text("comment"))
  }

  static func invalid(_ why: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "the fault rule is not valid: \(why)", statusCode: 400)
  }

  fileprivate static let delays: ClosedRange<Int64> = 0...3_600_000
}

extension FaultRule.Match {
  private static let members: [String: Set<String>] = [
    "ws_connect": ["count", "queryContains"],
    "ws_frame_to_client": ["action", "channel", "count"],
    "ws_frame_to_server": ["action", "channel", "count"],
    "http_request": ["method", "pathContains", "count"],
    "delay_after_ws_connect": ["delayMs"],
  ]

  /// - Throws: 40000 for an unknown type, a member that does not go with it, or one of the wrong kind.
  init(json: JSONValue, at place: String) throws(ErrorInfo) {
    let members = try FaultMembers(json, at: place)
    let type = try members.type(of: Self.members)
    let count = try members.number("count", in: 1...Int64(Int32.max)).map { Int($0) }
    switch type {
    case "ws_connect": self = .connect(count: count, query: try members.texts("queryContains"))
    case "ws_frame_to_client":
      self = .frameToClient(
        action: try Self.action(members), channel: try members.text("channel"), count: count)
    case "ws_frame_to_server":
      self = .frameToServer(
        action: try Self.action(members), channel: try members.text("channel"), count: count)
    case "http_request":
      self = .request(
        method: try members.text("method")?.uppercased(), path: try members.text("pathContains"), count: count
      )
    default: self = .afterConnect(milliseconds: try members.requiredNumber("delayMs", in: FaultRule.delays))
    }
  }

  // A name that no frame has would never meet one.
  private static func action(_ members: FaultMembers) throws(ErrorInfo) -> String? {
    let kind = #"the name of an action in capitals or its number, as a text such as "ATTACHED" or "11""#
    guard let action = try members.text("action", kind) else { return nil }
    let isNumber = !action.isEmpty && action.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber || actionNames.contains(action) else { throw members.unfit("action", kind) }
    return action
  }
}

extension FaultRule.Action {
  private static let answer: Set<String> = ["status", "body", "headers"]

  /// The types, and the members that go with each.
  static let members: [String: Set<String>] = [
    "passthrough": [], "refuse_connection": [], "disconnect": [], "suppress": [], "suppress_onwards": [],
    "http_drop": [], "accept_and_close": ["closeCode"], "close": ["closeCode"], "delay": ["delayMs"],
    "http_delay": ["delayMs"], "inject_to_client": ["message"],
    "inject_to_client_and_close": ["message", "closeCode"], "replace": ["message"], "http_respond": answer,
    "http_replace_response": answer,
  ]

  /// - Throws: 40000 for an unknown type, a member that does not go with it, or one of the wrong kind.
  init(json: JSONValue, at place: String) throws(ErrorInfo) {
    let members = try FaultMembers(json, at: place)
    self = try Self.read(members, of: members.type(of: Self.members))
  }

  /// - Parameter type: one of those that are known.
  static func read(_ members: FaultMembers, of type: String) throws(ErrorInfo) -> Self {
    switch type {
    case "refuse_connection", "disconnect": .refuse
    case "accept_and_close", "close": .close(code: try code(members) ?? 1000)
    case "suppress": .suppress
    case "suppress_onwards": .suppressOnwards
    case "delay", "http_delay":
      .delay(milliseconds: try members.requiredNumber("delayMs", in: FaultRule.delays))
    case "inject_to_client": .inject(try members.requiredObject("message"))
    case "inject_to_client_and_close":
      .injectAndClose(try members.requiredObject("message"), code: try code(members))
    case "replace": .replace(try members.requiredObject("message"))
    case "http_respond":
      .respond(
        status: try status(members), body: members["body"] ?? .null, headers: try members.texts("headers"))
    case "http_replace_response":
      .respondInstead(
        status: try status(members), body: members["body"] ?? .null, headers: try members.texts("headers"))
    case "http_drop": .drop
    default: .passthrough
    }
  }

  private static func status(_ members: FaultMembers) throws(ErrorInfo) -> Int {
    Int(try members.requiredNumber("status", in: 200...599))
  }

  private static func code(_ members: FaultMembers) throws(ErrorInfo) -> UInt16? {
    try members.number("closeCode", in: 1000...4999).map { UInt16($0) }
  }
}
