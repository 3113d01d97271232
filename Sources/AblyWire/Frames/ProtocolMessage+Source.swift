internal import AblyTokens

extension ProtocolMessage {
  /// Reads a usual frame: one in which each member is known, comes once, and is of its kind.
  ///
  /// What it is, ``init(json:unreadable:)`` says as well; but that the bytes of a message that travelled as such
  /// are its data, and no step of its encoding.
  init(from source: inout some FrameSource) throws(Unusual) {
    guard var level = try source.map() else { throw Unusual() }
    self.init(.heartbeat)
    var read = ReadMembers()
    var hasAction = false
    while let name = try source.name(in: &level) {
      guard let member = FrameMember(name), read.insert(member.rawValue) else { throw Unusual() }
      switch member {
      case .action:
        guard let number = try source.integer(), let action = Int(exactly: number) else { throw Unusual() }
        self.action = ProtocolAction(rawValue: action)
        hasAction = true
      case .auth:
        accessToken = try Self.read(source.tree(depth: 1)) { json throws(ErrorInfo) in
          try json.optionalText("accessToken", of: "auth object").map(Secret.init)
        }
      case .channel: channel = try source.text()
      case .channelSerial: channelSerial = try source.text()
      case .connectionDetails:
        connectionDetails = try Self.read(source.tree(depth: 1)) { json throws(ErrorInfo) in
          try ConnectionDetails(json: json)
        }
      case .connectionId: connectionId = try source.text()
      case .count: count = try source.integer().flatMap(Int.init(exactly:))
      case .error: error = try source.tree(depth: 1).flatMap { ErrorInfo(json: $0) }
      case .flags: flags = ProtocolFlags(rawValue: try source.integer() ?? 0)
      case .id: id = try source.text()
      case .messages: messages = try Self.messages(from: &source, knownTexts)
      case .msgSerial: msgSerial = try source.integer()
      case .params: params = try Self.params(from: &source)
      case .presence:
        presence = try Self.messages(from: &source, knownTexts).map { PresenceMessage($0) }
      case .results: results = try Self.results(from: &source)
      case .timestamp: timestamp = try source.integer()
      }
    }
    guard hasAction else { throw Unusual() }
    try source.end()
  }

  private static func read<Value>(
    _ json: JSONValue?, _ body: (JSONValue) throws(ErrorInfo) -> Value?
  ) throws(Unusual) -> Value? {
    guard let json else { return nil }
    do throws(ErrorInfo) { return try body(json) } catch { throw Unusual() }
  }

  private var knownTexts: KnownTexts {
    KnownTexts(id: id, serial: channelSerial, connectionId: connectionId)
  }

  private static func messages(
    from source: inout some FrameSource, _ known: KnownTexts
  ) throws(Unusual) -> [Message] {
    guard var level = try source.array() else { return [] }
    var messages: [Message] = []
    while try source.hasElement(in: &level) {
      guard messages.count < maximumElements else { throw Unusual() }
      messages.append(try Message(from: &source, known))
    }
    return messages
  }

  private static func params(from source: inout some FrameSource) throws(Unusual) -> [String: String] {
    guard var level = try source.map() else { return [:] }
    var params: [String: String] = [:]
    while let utf8 = try source.name(in: &level) {
      let name = try utf8.text(like: nil)
      guard let value = try source.text(), params.updateValue(value, forKey: name) == nil else {
        throw Unusual()
      }
    }
    return params
  }

  private static func results(from source: inout some FrameSource) throws(Unusual) -> [[String?]] {
    guard var level = try source.array() else { return [] }
    var results: [[String?]] = []
    while try source.hasElement(in: &level) { results.append(try serials(from: &source)) }
    return results
  }

  private static func serials(from source: inout some FrameSource) throws(Unusual) -> [String?] {
    guard var members = try source.map(), let name = try source.name(in: &members), name.spells("serials"),
      var level = try source.array()
    else { throw Unusual() }
    var serials: [String?] = []
    while try source.hasElement(in: &level) { serials.append(try source.text()) }
    guard try source.name(in: &members) == nil else { throw Unusual() }
    return serials
  }
}

/// Texts that a frame says of itself, and often again of its messages.
struct KnownTexts {
  let id: String?
  let serial: String?
  let connectionId: String?
}
