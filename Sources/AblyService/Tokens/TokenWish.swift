internal import AblyTokens

/// What a requestToken body asks for, with the times and identity still unchecked against any key.
struct TokenWish: Sendable {
  /// How long the token shall live, in milliseconds.
  let ttl: Int64?

  /// The capability asked for; `nil` for all that the key may do.
  let capabilityText: String?

  /// The identity asked for; `nil` for none.
  let clientId: String?

  /// When it was asked, in milliseconds since 1970.
  let timestamp: Int64?

  let nonce: String?

  /// The longest nonce. Official clients send 16 to 22 characters.
  static let maximumNonceBytes = 256

  /// Reads the members that TokenParams and a TokenRequest have in common. `null` counts as absent, and so do
  /// an empty clientId and an empty capability, which official clients send.
  ///
  /// - Throws: 40000 for a member of the wrong type and a nonce that is too long or holds a line feed, 40003
  ///   for a ttl or timestamp that is not a whole number, 40012 for a clientId with a line feed or with a `*`
  ///   beside other characters. Line feeds separate what a MAC covers: were one allowed inside a value,
  ///   whoever holds a request could move text from one value to the next under the same MAC.
  init(_ json: JSONValue) throws(ErrorInfo) {
    guard json.object != nil else { throw ErrorInfo(.badRequest, "the body must be a JSON object") }
    ttl = try Self.number("ttl", in: json)
    timestamp = try Self.number("timestamp", in: json)
    capabilityText = try Self.text("capability", in: json)
    clientId = try Self.text("clientId", in: json)
    nonce = try json.optionalText("nonce", of: "token request")
    if let clientId { try ClientID.check(clientId) }
    if let nonce {
      guard nonce.utf8.count <= Self.maximumNonceBytes, !nonce.utf8.contains(0x0A) else {
        throw ErrorInfo(.badRequest, "the nonce is over \(Self.maximumNonceBytes) bytes or holds a line feed")
      }
    }
  }

  private static func number(_ name: String, in json: JSONValue) throws(ErrorInfo) -> Int64? {
    guard let value = json[name] else { return nil }
    return try Milliseconds.of(value, name)
  }

  private static func text(_ name: String, in json: JSONValue) throws(ErrorInfo) -> String? {
    let text = try json.optionalText(name, of: "token request")
    return text?.isEmpty == true ? nil : text
  }
}
