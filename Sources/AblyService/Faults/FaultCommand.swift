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

  /// - Throws: 40000 for an unknown type, a member of the wrong kind, and a token where none is meant.
  init(json: JSONValue) throws(ErrorInfo) {
    let token = try json.optionalText("token", of: "action").map { TokenMark(Secret($0)) }
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
    connectionId = try json.optionalText("connectionId", of: "action")
    clientId = try json.optionalText("clientId", of: "action")
    switch json["type"]?.string {
    case "expire_token": action = .end(.expired)
    case "revoke_token": action = .end(.revoked)
    case "reauthenticate": action = .reauthenticate
    case "skew_clock":
      guard let offset = json["offsetMs"]?.number?.int64 else {
        throw FaultRule.invalid("offsetMs is a whole number")
      }
      action = .skewClock(milliseconds: offset)
    default: action = .fault(try FaultRule.Action(json: json))
    }
    if token != nil, !isEnd { throw FaultRule.invalid("only expire_token and revoke_token name a token") }
  }

  private var isEnd: Bool { if case .end = action { true } else { false } }
}
