internal import AblyTokens

extension ServiceCore {
  /// `POST /admin/inspection`: what a token says, and whether it would be accepted at this moment. Nothing comes of
  /// it, and it is kept nowhere.
  ///
  /// - Throws: 40000 for a body without a token.
  func inspect(_ request: ServiceRequest) async throws(ErrorInfo) -> ServiceResponse {
    guard let text = try request.json()["token"]?.string, !text.isEmpty else {
      throw ErrorInfo(.badRequest, "there is no token to look into", statusCode: 400)
    }
    let token = Secret(text)
    try await learnKey(named: Credentials.token(token).keyName)
    var members = Self.contents(of: text, apps)
    do throws(ErrorInfo) {
      let principal = try await principal(bearing: token)
      members["isAccepted"] = true
      members["keyName"] = .string(principal.key.keyName)
      members["effectiveCapability"] = .string(principal.capability.canonicalText)
      members["isRevocable"] = .bool(principal.key.serviceKey.revocableTokens)
    } catch {
      members["isAccepted"] = false
      members["error"] = error.json
    }
    return ServiceResponse(200, .object(members))
  }

  /// What an opaque token says, expired or not; nothing for one that this service did not issue as it is.
  private static func contents(of token: String, _ apps: AppDirectory) -> [String: JSONValue] {
    guard let (opened, key) = try? OpaqueToken.open(token, apps: apps) else { return [:] }
    var members: [String: JSONValue] = [
      "keyName": .string(key.keyName), "issued": .number(JSONNumber(opened.issued)),
      "expires": .number(JSONNumber(opened.expires)), "capability": .string(opened.capabilityText),
    ]
    members["clientId"] = opened.clientId.map(JSONValue.string)
    return members
  }
}
