internal import AblyTokens

/// The version of a message, as the service wrote it (TM2s): nearly always of one form, which takes no tree.
package struct MessageVersion: Sendable, Hashable {
  private enum Content: Hashable {
    case usual(serial: String, timestamp: Int64)
    /// Anything else, and nothing that the other case could hold.
    case other(JSONValue)
  }

  private let content: Content

  /// - Parameter timestamp: in milliseconds since 1970.
  package init(serial: String, timestamp: Int64) {
    content = .usual(serial: serial, timestamp: timestamp)
  }

  init(_ json: JSONValue) {
    if let members = json.object, members.count == 2, let serial = members["serial"]?.string,
      let number = members["timestamp"]?.number, let timestamp = Int64(number.literal),
      JSONNumber(timestamp) == number
    {
      content = .usual(serial: serial, timestamp: timestamp)
    } else {
      content = .other(json)
    }
  }

  var json: JSONValue {
    switch content {
    case .usual(let serial, let timestamp):
      ["serial": .string(serial), "timestamp": .number(JSONNumber(timestamp))]
    case .other(let json): json
    }
  }

  /// Its two parts, where it has no other.
  var usual: (serial: String, timestamp: Int64)? {
    if case .usual(let serial, let timestamp) = content { (serial, timestamp) } else { nil }
  }
}
