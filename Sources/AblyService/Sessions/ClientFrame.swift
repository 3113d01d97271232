internal import AblyTokens
internal import AblyWire

/// A protocol message from a client. What it publishes is left unread, so that a fault in it concerns the
/// publish and not the connection.
struct ClientFrame: Sendable {
  let action: ProtocolAction
  let id: String?
  let channel: String?
  let channelSerial: String?
  let msgSerial: Int64?
  let flags: ProtocolFlags
  let params: [String: String]
  let accessToken: Secret?
  let messages: JSONValue?
  let presence: JSONValue?

  /// - Throws: 40000 for something that is not an object with an action, or a member of the wrong kind.
  init(_ json: JSONValue) throws(ErrorInfo) {
    let what = "protocol message"
    guard let action = json["action"]?.number?.int64.flatMap(Int.init(exactly:)) else {
      throw ErrorInfo(.badRequest, "a \(what) must be an object with an action", statusCode: 400)
    }
    self.action = ProtocolAction(rawValue: action)
    id = try json.optionalText("id", of: what)
    channel = try json.optionalText("channel", of: what)
    channelSerial = try json.optionalText("channelSerial", of: what)
    msgSerial = json["msgSerial"]?.number?.int64
    flags = ProtocolFlags(rawValue: json["flags"]?.number?.int64 ?? 0)
    params = json["params"]?.object?.compactMapValues { $0.string ?? $0.number?.literal } ?? [:]
    accessToken = try json["auth"]?.optionalText("accessToken", of: "auth object").map(Secret.init)
    messages = json["messages"]
    presence = json["presence"]
  }
}
