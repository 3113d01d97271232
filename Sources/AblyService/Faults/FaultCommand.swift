internal import AblyTokens

/// Something that is to happen now to those who are connected.
struct FaultCommand: Sendable {
  enum Action: Sendable {
    case fault(FaultRule.Action)
    /// The token of the connection counts as expired.
    case expireToken
    /// The token of the connection counts as revoked.
    case revokeToken
    /// The client is asked for another token.
    case reauthenticate
    case skewClock(milliseconds: Int64)
  }

  let action: Action

  /// Which connection is meant; `nil` for all.
  let connectionId: String?

  /// The token that is meant, by its text; `nil` for those of the connections.
  let token: Secret?

  /// Whose connections are meant; `nil` for all.
  let clientId: String?

  /// - Throws: 40000 for an unknown type, or a member of the wrong kind.
  init(json: JSONValue) throws(ErrorInfo) {
    connectionId = try json.optionalText("connectionId", of: "action")
    clientId = try json.optionalText("clientId", of: "action")
    token = try json.optionalText("token", of: "action").map(Secret.init)
    switch json["type"]?.string {
    case "expire_token": action = .expireToken
    case "revoke_token": action = .revokeToken
    case "reauthenticate": action = .reauthenticate
    case "skew_clock":
      guard let offset = json["offsetMs"]?.number?.int64 else {
        throw FaultRule.invalid("offsetMs is a whole number")
      }
      action = .skewClock(milliseconds: offset)
    default: action = .fault(try FaultRule.Action(json: json))
    }
  }
}
