public import AblyTokens

extension Message {
  /// Reads a message as it travels: ``data`` is still encoded as ``encoding`` says. ``decode()`` undoes it.
  ///
  /// Unknown members are ignored and `null` is absent. A number or a truth value in `data`, which no client
  /// should send, is kept.
  ///
  /// - Throws: 40000 for something that is not an object or a member that should be text and is not, 40003
  ///   for a timestamp that is not a whole number of milliseconds.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard case .object = json else { throw ErrorInfo(.badRequest, "a message must be a JSON object") }
    self.init()
    name = try json.optionalText("name", of: "message")
    data = json["data"].map(MessageData.init(travelled:))
    clientId = try json.optionalText("clientId", of: "message")
    id = try json.optionalText("id", of: "message")
    encoding = try json.optionalText("encoding", of: "message")
    connectionId = try json.optionalText("connectionId", of: "message")
    connectionKey = try json.optionalText("connectionKey", of: "message")
    if let value = json["timestamp"] {
      timestamp = Milliseconds.date(try Milliseconds.of(value, "timestamp"))
    }
    extras = json["extras"]
    serial = try json.optionalText("serial", of: "message")
    action = json["action"]?.number?.int64.flatMap(Int.init(exactly:)).map(MessageAction.init(rawValue:))
    version = json["version"]
    annotations = json["annotations"]
  }

  /// Reads a message and undoes its encodings (TM3); throws as ``init(json:)``.
  ///
  /// What cannot be undone stays in ``encoding`` (RSL6b).
  public init(fromEncoded json: JSONValue) throws(ErrorInfo) {
    try self.init(json: json)
    decode()
  }

  /// The JSON object that travels: what is unknown is absent (RSL1e), the rest is all there (RSL1j), and the
  /// data is encoded as ``encode()`` does.
  ///
  /// - Throws: 40013 as ``encode()``, 40003 for a date that milliseconds cannot hold.
  public func json() throws(ErrorInfo) -> JSONValue {
    var encoded = self
    try encoded.encode()
    var members: [String: JSONValue] = [:]
    members["id"] = id.map(JSONValue.string)
    members["name"] = name.map(JSONValue.string)
    members["data"] = encoded.data?.string.map(JSONValue.string)
    members["encoding"] = encoded.encoding.map(JSONValue.string)
    members["clientId"] = clientId.map(JSONValue.string)
    members["connectionId"] = connectionId.map(JSONValue.string)
    members["connectionKey"] = connectionKey.map(JSONValue.string)
    if let timestamp {
      members["timestamp"] = .number(JSONNumber(try Milliseconds.of(timestamp, "timestamp")))
    }
    members["extras"] = extras
    members["serial"] = serial.map(JSONValue.string)
    members["action"] = action.map { .number(JSONNumber($0.rawValue)) }
    members["version"] = version
    members["annotations"] = annotations
    return .object(members)
  }
}

extension MessageData {
  fileprivate init(travelled value: JSONValue) {
    if case .string(let text) = value { self = .string(text) } else { self = .json(value) }
  }
}
