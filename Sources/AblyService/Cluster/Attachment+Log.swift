internal import AblyTokens
internal import AblyWire

extension Attachment {
  /// How it stands in a shared log, for a node at which its connection goes on.
  var logged: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(wireName), "wanted": .number(JSONNumber(wanted.rawValue)),
      "modes": .number(JSONNumber(modes.rawValue)),
    ]
    members["since"] = (since as String?).map(JSONValue.string)
    return .object(members)
  }

  /// Reads what a node of this cluster wrote. Nothing is delivered before its client has attached again.
  init?(logged text: String) {
    guard let json = try? JSONValue(parsing: text), let wireName = json["name"]?.string,
      let wanted = json["wanted"]?.number?.int64, let modes = json["modes"]?.number?.int64
    else { return nil }
    self.init(
      wireName: wireName, wanted: ProtocolFlags(rawValue: wanted), modes: ProtocolFlags(rawValue: modes),
      since: json["since"]?.string ?? Self.never)
    isLive = false
  }

  /// After every serial.
  private static let never = "~"
}
