internal import AblyTokens

/// Something that is to happen now to those who are connected.
struct FaultCommand: Sendable {
  enum Action: Sendable {
    case fault(FaultRule.Action)
    /// A token, or that of the connection, is over.
    case end(EndedTokens.Reason)
    /// The client is asked for another token.
    case reauthenticate
    case skewClock(milliseconds: Int64)
  }

  let action: Action

  /// Which connection is meant; `nil` for all.
  let connectionId: String?

  /// The token that is meant; `nil` for those of the connections.
  let token: TokenMark?

  /// Whose connections are meant; `nil` for all.
  let clientId: String?

  private let json: JSONValue

  /// - Throws: 40000 for an unknown type, a member of the wrong kind, and one that does not go with the type.
  init(json: JSONValue) throws(ErrorInfo) {
    let token = try FaultMembers(json, at: "the action").text("token").map { TokenMark(Secret($0)) }
    try self.init(json, token: token)
  }

  /// Reads what ``logged(by:)`` wrote.
  init(logged json: JSONValue) throws(ErrorInfo) {
    try self.init(json, token: json["mark"]?.string.flatMap(TokenMark.init(base64:)))
  }

  /// What it takes to let another node do the same, without the text of a token.
  func logged(by node: String) -> JSONValue {
    var members = json.object ?? [:]
    members["token"] = nil
    members["mark"] = token.map { .string($0.base64) }
    members["from"] = .string(node)
    return .object(members)
  }

  /// A token that is to end for a reason.
  init(ending token: TokenMark, _ reason: EndedTokens.Reason) {
    action = .end(reason)
    self.token = token
    connectionId = nil
    clientId = nil
    json = ["type": reason == .expired ? "expire_token" : "revoke_token"]
  }

  private init(_ json: JSONValue, token: TokenMark?) throws(ErrorInfo) {
    self.json = json
    self.token = token
    let members = try FaultMembers(json, at: "the action")
    connectionId = try members.text("connectionId")
    clientId = try members.text("clientId")
    let type = try members.type(of: Self.members, besides: Self.whom)
    switch type {
    case "expire_token": action = .end(.expired)
    case "revoke_token": action = .end(.revoked)
    case "reauthenticate": action = .reauthenticate
    case "skew_clock":
      guard let offset = json["offsetMs"]?.number?.int64 else {
        throw members.unfit("offsetMs", "a whole number of milliseconds")
      }
      action = .skewClock(milliseconds: offset)
    default: action = .fault(try FaultRule.Action.read(members, of: type))
    }
  }

  // What stands there besides, where another node has logged it: which token, and which node.
  private static let ends: Set<String> = ["token", "mark", "from"]

  private static let whom: Set<String> = ["connectionId", "clientId", "from"]

  private static let members = FaultRule.Action.members.merging(
    [
      "expire_token": ends, "revoke_token": ends, "reauthenticate": [], "skew_clock": ["offsetMs"],
    ], uniquingKeysWith: { first, _ in first })
}
