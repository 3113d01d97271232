internal import AblyTokens

extension TokenParams {
  /// Parameters from a JSON object: ttl and timestamp in milliseconds, capability as text or as an object.
  init(json: JSONValue) throws(ErrorInfo) {
    guard case .object = json else { throw ErrorInfo(.badRequest, "token parameters must be a JSON object") }
    self.init(
      clientId: try json.optionalText("clientId", of: "token parameters object"),
      nonce: try json.optionalText("nonce", of: "token parameters object"))
    if let value = json["ttl"] { ttl = .milliseconds(try Milliseconds.of(value, "ttl")) }
    if let value = json["timestamp"] {
      timestamp = Milliseconds.date(try Milliseconds.of(value, "timestamp"))
    }
    if let value = json["capability"] { capabilityText = value.string ?? value.text }
  }
}
