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
    authHeaders = try json.texts("authHeaders", unfit: JSONValue.unfit)
    authParams = try json.texts("authParams", unfit: JSONValue.unfit)
    queryTime = try json.truth("queryTime") ?? false
    useTokenAuth = try json.truth("useTokenAuth")
  }
}

extension JSONValue {
  fileprivate func truth(_ name: String) throws(ErrorInfo) -> Bool? {
    guard let value = self[name] else { return nil }
    guard let truth = value.bool else { throw Self.unfit(name, "true or false") }
    return truth
  }

  fileprivate static func unfit(_ name: String, _ kind: String) -> ErrorInfo {
    ErrorInfo(.badRequest, "\(name) in authOptions must be \(kind)")
  }
}
