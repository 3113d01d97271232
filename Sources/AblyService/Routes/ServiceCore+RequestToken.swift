package import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// `POST /keys/{keyName}/requestToken`: exchanges a signed TokenRequest for a token (RSA8e), or plain
  /// TokenParams for whoever shows the key.
  func requestToken(_ request: ServiceRequest, keyName: String) async throws(ErrorInfo) -> ServiceResponse {
    let now = now
    let (response, use) = try exchange(request, keyName: keyName, at: now)
    if let use { try Self.check(await store.admit(use, at: now)) }
    return response
  }

  /// The same without a task, unless the store needs one.
  func requestTokenAtOnce(
    _ request: ServiceRequest, keyName: String, _ soon: @escaping @Sendable (ServiceResponse) -> Void
  ) throws(ErrorInfo) -> Answering {
    guard let promptStore else { return .later }
    let now = now
    let (response, use) = try exchange(request, keyName: keyName, at: now)
    guard let use else { return .now(response) }
    let verdict = promptStore.admit(use, at: now) { [self] verdict in
      var answer = response
      do throws(ErrorInfo) { try Self.check(verdict.get()) } catch {
        answer = ServiceResponse(refusing: error)
      }
      finish(request, &answer)
      soon(answer)
    }
    guard let verdict else { return .soon }
    try Self.check(verdict)
    return .now(response)
  }

  /// The answer, and what a store has to admit before it is given: the last thing asked, see ``ReplayGuard``.
  private func exchange(
    _ request: ServiceRequest, keyName: String, at now: Int64
  ) throws(ErrorInfo) -> (ServiceResponse, NonceUse?) {
    let authority = TokenAuthority(
      key: try apps.key(named: keyName), now: now, revocations: revocations.withLock(\.self))
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
    return (
      ServiceResponse(201, try details.json(), headers: [("Cache-Control", "no-store")]),
      isSigned ? try Self.use(of: wish, by: authority.key) : nil
    )
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

  private static func use(of wish: TokenWish, by key: IssuingKey) throws(ErrorInfo) -> NonceUse {
    guard let timestamp = wish.timestamp, let nonce = wish.nonce else {
      throw ErrorInfo(.badRequest, "the token request has no timestamp or no nonce")
    }
    return NonceUse(keyName: key.keyName, timestamp: timestamp, nonce: nonce)
  }

  /// - Throws: 40105 for a request that was exchanged before, 40104 for one from a time already forgotten.
  private static func check(_ verdict: NonceVerdict) throws(ErrorInfo) {
    switch verdict {
    case .fresh: return
    case .seen:
      throw ErrorInfo(
        .nonceReplayed, "this token request was exchanged before: its nonce and timestamp are known",
        statusCode: 401)
    case .forgotten:
      throw ErrorInfo(
        .timestampOutsideWindow,
        "the service's clock was set back: which requests of this time were exchanged is forgotten, so all of them "
          + "are refused until it has come to where it was, or until it is started anew", statusCode: 401,
        detail: [blamed.name: blamed.value])
    }
  }

  private static let blamed = (name: "clock", value: "setBack")

  /// Whether a refusal says, in its detail, that no other clock than the service's own is to blame.
  package static func blamesItsClock(_ refusal: ErrorInfo) -> Bool {
    refusal.detail[blamed.name] == blamed.value
  }
}
