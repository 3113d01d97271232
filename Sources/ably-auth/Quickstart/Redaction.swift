internal import AblyTokens

/// What travelled, with everything left out that would work for whoever reads it.
enum Redaction {
  private static let secrets: Set = ["token", "mac", "accessToken", "connectionKey"]

  static func of(_ json: JSONValue) -> String {
    redacted(json).text
  }

  /// A body of an exchange, on a line of its own meaning: two spaces before it, or nothing for none.
  static func of(_ body: [UInt8]) -> String {
    guard !body.isEmpty else { return "" }
    guard let json = try? JSONValue(parsing: body) else { return "  (\(body.count) bytes)" }
    return "  \(of(json))"
  }

  private static func redacted(_ json: JSONValue) -> JSONValue {
    switch json {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, value in
            (name, secrets.contains(name) ? "<redacted>" : redacted(value))
          }))
    case .array(let elements): .array(elements.map(redacted))
    default: json
    }
  }
}
