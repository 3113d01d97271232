package import AblyTokens

extension ProtocolMessage {
  /// Reads a frame. Members and flags that are unknown are ignored (RTF1).
  ///
  /// - Parameter unreadable: is told of a message that cannot be read, and why; the rest of the frame counts
  ///   without it. Absent: the frame counts for nothing.
  /// - Throws: 40000 for something that is not an object with an action, or a member of the wrong kind;
  ///   40003 for a number that is not whole.
  package init(json: JSONValue, unreadable: ((ErrorInfo) -> Void)? = nil) throws(ErrorInfo) {
    let what = "protocol message"
    guard let action = json["action"]?.number?.int64.flatMap(Int.init(exactly:)) else {
      throw ErrorInfo(.badRequest, "a \(what) must be a JSON object with an action")
    }
    self.init(ProtocolAction(rawValue: action))
    id = try json.optionalText("id", of: what)
    accessToken = try json["auth"]?.optionalText("accessToken", of: "auth object").map(Secret.init)
    channel = try json.optionalText("channel", of: what)
    channelSerial = try json.optionalText("channelSerial", of: what)
    connectionId = try json.optionalText("connectionId", of: what)
    connectionDetails = try json["connectionDetails"].map { json throws(ErrorInfo) in
      try ConnectionDetails(json: json)
    }
    count = try json.integer("count").flatMap(Int.init(exactly:))
    error = json["error"].flatMap { ErrorInfo(json: $0) }
    flags = ProtocolFlags(rawValue: try json.integer("flags") ?? 0)
    msgSerial = try json.integer("msgSerial")
    timestamp = try json.integer("timestamp")
    params = json["params"]?.object?.compactMapValues(\.string) ?? [:]
    for (place, element) in try json.elements("messages").enumerated() {
      guard var message = try Self.read(unreadable, { () throws(ErrorInfo) in try Message(json: element) })
      else { continue }
      if unreadable != nil { message.id = message.id ?? elementId(at: place) }
      messages.append(message)
    }
    for (place, element) in try json.elements("presence").enumerated() {
      guard
        var message = try Self.read(
          unreadable, { () throws(ErrorInfo) in try PresenceMessage(json: element) })
      else { continue }
      if unreadable != nil { message.id = message.id ?? elementId(at: place) }
      presence.append(message)
    }
    results = try json.elements("res").map { ($0["serials"]?.array ?? []).map(\.string) }
  }

  /// The most messages or members of a frame. In a byte there is room for one of them that takes hundreds in memory.
  package static let maximumElements = 10_000

  private static func read<Element>(
    _ unreadable: ((ErrorInfo) -> Void)?, _ body: () throws(ErrorInfo) -> Element
  ) throws(ErrorInfo) -> Element? {
    do throws(ErrorInfo) {
      return try body()
    } catch {
      guard let unreadable else { throw error }
      unreadable(error)
      return nil
    }
  }

  /// The frame as it travels; what is unknown is absent.
  ///
  /// - Throws: 40013 and 40003 as ``Message/json()``.
  package func json() throws(ErrorInfo) -> JSONValue {
    var members: [String: JSONValue] = ["action": .number(JSONNumber(action.rawValue))]
    members["id"] = id.map(JSONValue.string)
    members["auth"] = accessToken.map { ["accessToken": .string($0.text)] }
    members["channel"] = channel.map(JSONValue.string)
    members["channelSerial"] = channelSerial.map(JSONValue.string)
    members["connectionId"] = connectionId.map(JSONValue.string)
    members["connectionDetails"] = connectionDetails?.json
    members["count"] = count.map { .number(JSONNumber($0)) }
    members["error"] = error?.json
    if !flags.isEmpty { members["flags"] = .number(JSONNumber(flags.rawValue)) }
    members["msgSerial"] = msgSerial.map { .number(JSONNumber($0)) }
    members["timestamp"] = timestamp.map { .number(JSONNumber($0)) }
    if !params.isEmpty { members["params"] = .object(params.mapValues(JSONValue.string)) }
    if !messages.isEmpty {
      var elements: [JSONValue] = []
      for message in messages { elements.append(try message.json()) }
      members["messages"] = .array(elements)
    }
    if !presence.isEmpty {
      var elements: [JSONValue] = []
      for message in presence { elements.append(try message.json()) }
      members["presence"] = .array(elements)
    }
    if !results.isEmpty {
      members["res"] = .array(
        results.map { ["serials": .array($0.map { $0.map(JSONValue.string) ?? .null })] })
    }
    return .object(members)
  }
}

extension JSONValue {
  fileprivate func integer(_ name: String) throws(ErrorInfo) -> Int64? {
    try self[name].map { value throws(ErrorInfo) in try Milliseconds.of(value, name) }
  }

  fileprivate func elements(_ name: String) throws(ErrorInfo) -> [JSONValue] {
    guard let value = self[name] else { return [] }
    guard let elements = value.array else {
      throw ErrorInfo(.badRequest, "the \(name) of a protocol message must be an array")
    }
    guard elements.count <= ProtocolMessage.maximumElements else {
      throw ErrorInfo(
        .badRequest, "the \(name) of a protocol message are more than \(ProtocolMessage.maximumElements)")
    }
    return elements
  }
}
