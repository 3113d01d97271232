internal import AblyTokens

extension [String: JSONValue] {
  /// A member with a slip in its name would ask for less than was meant, or for no limit at all.
  ///
  /// - Throws: 40000 for a member of another name.
  func refuseOthers(than names: Set<String>, in what: String) throws(ErrorInfo) {
    guard let other = keys.filter({ !names.contains($0) }).min() else { return }
    throw ErrorInfo(
      .badRequest, "\(what) has no member '\(PeerText.line(other, maximumCount: 64))'",
      remedy: "It may have \(names.sorted().joined(separator: ", ")).")
  }
}

extension TokenParams {
  /// Parameters from a JSON object: ttl and timestamp in milliseconds, capability as text or as an object.
  init(json: JSONValue) throws(ErrorInfo) {
    guard let members = json.object else {
      throw ErrorInfo(.badRequest, "token parameters must be a JSON object")
    }
    try members.refuseOthers(
      than: ["ttl", "capability", "clientId", "timestamp", "nonce"], in: "tokenParams")
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
