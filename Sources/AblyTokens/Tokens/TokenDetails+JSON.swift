extension TokenDetails {
  /// Reads token details from JSON text (TD7).
  ///
  /// - Throws: 40000 for text that is not a JSON object or has no token, 40003 for a time that is not a whole
  ///   number of milliseconds. Unknown members are ignored, `null` is absent, numbers may be quoted.
  public init(json text: String) throws(ErrorInfo) {
    try self.init(json: JSONValue(parsing: text))
  }

  /// Reads token details from a JSON object (TD7); throws as ``init(json:)-(String)``.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard case .object = json else { throw ErrorInfo(.badRequest, "token details must be a JSON object") }
    self.init(token: try json.requiredText("token", of: "token details object"))
    keyName = try json.optionalText("keyName", of: "token details object")
    if let value = json["issued"] { issued = Milliseconds.date(try Milliseconds.of(value, "issued")) }
    if let value = json["expires"] { expires = Milliseconds.date(try Milliseconds.of(value, "expires")) }
    capabilityText = try json.optionalText("capability", of: "token details object")
    let clientId = try json.optionalText("clientId", of: "token details object")
    // Official servers write an empty text where they mean none.
    self.clientId = clientId == "" ? nil : clientId
  }

  /// The JSON object that travels; what is unknown is absent.
  ///
  /// - Throws: 40003 for a date that milliseconds cannot hold.
  public func json() throws(ErrorInfo) -> JSONValue {
    var members: [String: JSONValue] = ["token": .string(token)]
    members["keyName"] = keyName.map(JSONValue.string)
    if let issued { members["issued"] = .number(JSONNumber(try Milliseconds.of(issued, "issued"))) }
    if let expires { members["expires"] = .number(JSONNumber(try Milliseconds.of(expires, "expires"))) }
    members["capability"] = capabilityText.map(JSONValue.string)
    members["clientId"] = clientId.map(JSONValue.string)
    return .object(members)
  }
}
