internal import AblyTokens

extension ServiceCore {
  /// `POST /keys/{keyName}/requestToken`: exchanges a signed TokenRequest for a token (RSA8e), or plain
  /// TokenParams for whoever shows the key.
  func requestToken(_ request: ServiceRequest, keyName: String) async throws(ErrorInfo) -> ServiceResponse {
    let now = now
    let authority = TokenAuthority(key: try apps.key(named: keyName), now: now)
    let body = try request.json()
    let wish = try TokenWish(body)
    let isSigned = body["mac"] != nil
    if isSigned {
      try authority.check(signed: body)
      apps.noteUse(of: authority.key.appId, at: now)
    } else {
      try check(keyHolderBehind: request, asking: body, for: authority.key, at: now)
    }
    if let timestamp = wish.timestamp { try authority.check(timestamp: timestamp) }
    let details = try authority.issue(wish, id: Base64.url.encode(random(16)))
    if isSigned { try await admit(wish, of: authority.key, now: now) }
    return ServiceResponse(201, try details.json(), headers: [("Cache-Control", "no-store")])
  }

  /// - Throws: what the authenticator does; 40162 for a token, 40133 for another key than the path's, 40101
  ///   for a body that names another key than the path.
  private func check(
    keyHolderBehind request: ServiceRequest, asking body: JSONValue, for key: IssuingKey, at now: Int64
  ) throws(ErrorInfo) {
    let principal = try authenticator.principal(of: request, at: now)
    guard principal.hasKey else {
      throw ErrorInfo(
        .operationRequiresBasicAuth, "a token cannot ask for another token: sign the request or show the key",
        statusCode: 401)
    }
    guard principal.key.keyName == key.keyName else {
      throw ErrorInfo(
        .wrongKeyForRevocation, "the key that was shown is not the one that the path asks", statusCode: 401,
        remedy: "Post to /keys/{keyName}/requestToken with the name of the key you show.")
    }
    guard try body.optionalText("keyName", of: "token request") ?? key.keyName == key.keyName else {
      throw ErrorInfo(.invalidCredentials, "the body names another key than the path", statusCode: 401)
    }
  }

  /// The last thing asked before an answer: see ``ReplayGuard``.
  ///
  /// - Throws: 40105 for a request that was exchanged before, 40104 for one from a time already forgotten,
  ///   50004 when the store cannot say.
  private func admit(_ wish: TokenWish, of key: IssuingKey, now: Int64) async throws(ErrorInfo) {
    guard let timestamp = wish.timestamp, let nonce = wish.nonce else {
      throw ErrorInfo(.badRequest, "the token request has no timestamp or no nonce")
    }
    let use = NonceUse(keyName: key.keyName, timestamp: timestamp, nonce: nonce)
    switch try await store.admit(use, at: now) {
    case .fresh: return
    case .seen:
      throw ErrorInfo(
        .nonceReplayed, "this token request was exchanged before: its nonce and timestamp are known",
        statusCode: 401)
    case .forgotten:
      throw ErrorInfo(
        .timestampOutsideWindow, "the service's clock was set back, and requests of that time were forgotten",
        statusCode: 401)
    }
  }
}
