internal import AblyAuth
internal import AblyTokens

extension AuthOptions {
  /// Options from a JSON object, as Ably's clients name them. An empty one is empty options.
  ///
  /// - Throws: 40101 for a malformed key, 40003 for an unknown method, 40000 for a member of the wrong kind.
  init(json: JSONValue) throws(ErrorInfo) {
    let what = "authOptions"
    guard let members = json.object else {
      throw ErrorInfo(.badRequest, "authOptions must be a JSON object")
    }
    try members.refuseOthers(
      than: [
        "key", "token", "tokenDetails", "authUrl", "authMethod", "authHeaders", "authParams", "queryTime",
        "useTokenAuth",
      ], in: what)
    self.init()
    if let key = try json.optionalText("key", of: what) { self.key = try AuthOptions(key: key).key }
    token = try json.optionalText("token", of: what)
    if let details = json["tokenDetails"] { tokenDetails = try TokenDetails(json: details) }
    authURL = try json.optionalText("authUrl", of: what)
    if let name = try json.optionalText("authMethod", of: what) {
      guard let method = AuthMethod(rawValue: name.uppercased()) else {
        throw ErrorInfo(.invalidParameterValue, "authMethod is neither GET nor POST")
      }
      authMethod = method
    }
    authHeaders = try json.texts("authHeaders")
    authParams = try json.texts("authParams")
    queryTime = try json.truth("queryTime") ?? false
    useTokenAuth = try json.truth("useTokenAuth")
  }
}

extension JSONValue {
  /// The member `name` as names and texts; a number or truth value is taken as its text.
  fileprivate func texts(_ name: String) throws(ErrorInfo) -> [String: String] {
    guard let value = self[name] else { return [:] }
    guard let members = value.object else { throw Self.unfit(name, "an object") }
    var texts: [String: String] = [:]
    for (member, value) in members {
      switch value {
      case .string(let text): texts[member] = text
      case .number, .bool: texts[member] = value.text
      case .null, .array, .object: throw Self.unfit("\(name).\(member)", "a text")
      }
    }
    return texts
  }

  fileprivate func truth(_ name: String) throws(ErrorInfo) -> Bool? {
    guard let value = self[name] else { return nil }
    guard let truth = value.bool else { throw Self.unfit(name, "true or false") }
    return truth
  }

  private static func unfit(_ name: String, _ kind: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "\(name) in authOptions must be \(kind)")
  }
}
