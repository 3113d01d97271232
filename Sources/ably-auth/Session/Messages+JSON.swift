internal import AblyAuth
internal import AblyTokens
internal import AblyWire

extension Message {
  /// The message that a line says to publish.
  init(line: JSONValue) throws(ErrorInfo) {
    self.init(
      name: try line.optionalText("name", of: "line"), data: MessageData(line: line),
      clientId: try line.optionalText("clientId", of: "line"))
  }

  /// The message as a person reads it: its data decoded, as far as it could be.
  func plainJSON() throws(ErrorInfo) -> JSONValue {
    var bare = self
    bare.data = nil
    guard case .object(var members) = try bare.json() else { return .null }
    members["data"] = data?.plainJSON
    return .object(members)
  }
}

extension PresenceMessage {
  /// The member as a person reads it.
  var plainJSON: JSONValue {
    var json: [String: JSONValue] = [:]
    json["clientId"] = clientId.map(JSONValue.string)
    json["connectionId"] = connectionId.map(JSONValue.string)
    json["action"] = action.map(Self.name(of:))
    json["data"] = data?.plainJSON
    return .object(json)
  }
}

extension MessageData {
  /// What a line says to send along, if anything.
  init?(line: JSONValue) {
    guard let data = line["data"] else { return nil }
    if case .string(let text) = data { self = .string(text) } else { self = .json(data) }
  }

  /// The data as a person reads it.
  var plainJSON: JSONValue {
    switch self {
    case .string(let text): .string(text)
    case .json(let json): json
    case .binary(let bytes): ["base64": .string(Base64.standard.encode(bytes))]
    }
  }
}

extension PublishResult {
  /// The result as the command line prints it.
  var json: JSONValue { ["serials": .array(serials.map { $0.map(JSONValue.string) ?? .null })] }
}
