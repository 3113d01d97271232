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
  let messages: Published
  let presence: JSONValue?

  /// What a client wants to publish.
  enum Published: Sendable {
    /// Of the usual form.
    case messages([Message])
    /// Of any form.
    case json(JSONValue?)
  }

  /// Reads a frame as it travelled.
  ///
  /// - Throws: 40000 for what is no document of the format, or as ``init(_:)``.
  init(_ bytes: [UInt8], _ format: WireFormat, maximumDepth: Int) throws(ErrorInfo) {
    // Members are looked at one by one, and are few.
    if let frame = format.usualFrame(of: bytes, maximumDepth: maximumDepth), frame.presence.isEmpty {
      self.init(frame)
    } else {
      try self.init(format.decode(bytes, maximumDepth: maximumDepth))
    }
  }

  private init(_ frame: ProtocolMessage) {
    action = frame.action
    id = frame.id
    channel = frame.channel
    channelSerial = frame.channelSerial
    msgSerial = frame.msgSerial
    flags = frame.flags
    params = frame.params
    accessToken = frame.accessToken
    messages = .messages(frame.messages)
    presence = nil
  }

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
    messages = .json(json["messages"])
    presence = json["presence"]
  }
}
