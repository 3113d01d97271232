internal import AblyTokens

/// What it takes to go on with a connection in another process (RTN16g).
struct RecoveryKey: Sendable, Equatable {
  var connectionKey: Secret
  var msgSerial: Int64
  var channelSerials: [String: String]

  /// JSON, whose text can hold the name of any channel (RTN16g1).
  var text: String {
    let json: JSONValue = [
      "connectionKey": .string(connectionKey.text), "msgSerial": .number(JSONNumber(msgSerial)),
      "channelSerials": .object(channelSerials.mapValues(JSONValue.string)),
    ]
    return json.text
  }

  /// - Returns: `nil` for a text that is no recovery key (RTN16f1).
  init?(_ text: String) {
    guard let json = try? JSONValue(parsing: text.utf8),
      let connectionKey = json["connectionKey"]?.string, !connectionKey.isEmpty
    else { return nil }
    self.connectionKey = Secret(connectionKey)
    // No connection ever gets further than a double can count.
    msgSerial = min(max(0, json["msgSerial"]?.number?.int64 ?? 0), 1 << 53)
    channelSerials = json["channelSerials"]?.object?.compactMapValues(\.string) ?? [:]
  }

  init(connectionKey: Secret, msgSerial: Int64, channelSerials: [String: String]) {
    self.connectionKey = connectionKey
    self.msgSerial = msgSerial
    self.channelSerials = channelSerials
  }
}
