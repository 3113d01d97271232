internal import AblyAuth
internal import AblyTokens

extension AuthOptions {
  /// Options from a JSON object, as Ably's clients name them. An empty one is empty options.
  ///
  /// - Throws: 40101 for a malformed key, 40003 for an unknown method, 40000 for a member of the wrong kind.
  init(json: JSONValue) throws(ErrorInfo) {
    let what = "authOptions object"
    guard case .object = json else { throw ErrorInfo(.badRequest, "authOptions must be a JSON object") }
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
    authHeaders = json["authHeaders"]?.object?.compactMapValues(\.string) ?? [:]
    authParams = json["authParams"]?.object?.compactMapValues { $0.string ?? $0.text } ?? [:]
    queryTime = json["queryTime"]?.bool ?? false
    useTokenAuth = json["useTokenAuth"]?.bool
  }
}
