internal import AblyTokens

extension Message {
  /// Reads a usual message: one in which each member is known, comes once, and is of its kind.
  init(from source: inout some FrameSource, _ known: KnownTexts) throws(Unusual) {
    guard var level = try source.map() else { throw Unusual() }
    self.init()
    var read = ReadMembers()
    while let name = try source.name(in: &level) {
      guard let member = MessageMember(name), read.insert(member.rawValue) else { throw Unusual() }
      switch member {
      case .action:
        action = try source.integer().flatMap(Int.init(exactly:)).map(MessageAction.init(rawValue:))
      case .annotations: annotations = try source.tree(depth: 3)
      case .clientId: clientId = try source.text()
      case .connectionId: connectionId = try source.text(like: known.connectionId)
      case .connectionKey: connectionKey = try source.text()
      case .data: data = try source.data(depth: 3)
      case .encoding: encoding = try source.text()
      case .extras: extras = try source.tree(depth: 3)
      case .id: id = try source.text(like: known.id)
      case .name: self.name = try source.text()
      case .serial: serial = try source.text(like: known.serial)
      case .timestamp: timestamp = try source.integer().map(Milliseconds.date)
      case .version: knownVersion = try MessageVersion(from: &source, like: serial ?? known.serial)
      }
    }
    // Bytes are read as if a step of base64 had been undone, which is then the only one.
    if case .binary = data, encoding?.isEmpty == true { encoding = nil }
  }
}

extension MessageVersion {
  fileprivate init?(from source: inout some FrameSource, like known: String?) throws(Unusual) {
    let start = source
    do throws(Unusual) {
      guard let version = try Self.usual(from: &source, like: known) else { return nil }
      self = version
    } catch {
      source = start
      guard let json = try source.tree(depth: 3) else { return nil }
      self.init(json)
    }
  }

  private static func usual(
    from source: inout some FrameSource, like known: String?
  ) throws(Unusual) -> MessageVersion? {
    guard var level = try source.map() else { return nil }
    var (serial, timestamp): (String?, Int64?) = (nil, nil)
    while let name = try source.name(in: &level) {
      if serial == nil, name.spells("serial") {
        serial = try source.text(like: known)
      } else if timestamp == nil, name.spells("timestamp") {
        timestamp = try source.integer()
      } else {
        throw Unusual()
      }
    }
    guard let serial, let timestamp else { throw Unusual() }
    return MessageVersion(serial: serial, timestamp: timestamp)
  }
}
