internal import AblyTokens

/// Finds out who a request comes from.
struct Authenticator: Sendable {
  let apps: AppDirectory
  let revocations: RevocationIndex
  let ended: EndedTokens
  let early: EarlyTokens

  /// Whether a bearer's tokens are to be known again, as long as they are connected.
  var marksTokens = false

  /// - Parameter now: milliseconds since 1970.
  /// - Throws: 40106 without credentials; 40103 for a key that others could read on its way; what
  ///   ``principal(showing:)`` and ``TokenVerifier`` throw; 40004 and 40012 for the name a client gives
  ///   itself.
  func principal(of request: ServiceRequest, at now: Int64) throws(ErrorInfo) -> Principal {
    var principal: Principal
    switch try Credentials(of: request) {
    case .key(let key):
      guard request.peer.isPrivate else {
        throw ErrorInfo(
          .basicAuthOverInsecureTransport, "an API key came over plain HTTP from another machine",
          statusCode: 401,
          remedy: "Use TLS or a token. The key has been readable on its way: replace it.")
      }
      principal = try self.principal(showing: key)
    case .token(let token):
      principal = try self.principal(bearing: token, at: now)
    }
    apps.noteUse(of: principal.appId, at: now)
    if let clientId = try clientId(named: request) {
      principal.identity = try principal.identity.named(clientId)
    }
    return principal
  }

  /// - Throws: what ``TokenVerifier`` does.
  func principal(bearing token: Secret, at now: Int64) throws(ErrorInfo) -> Principal {
    try TokenVerifier(
      apps: apps, revocations: revocations, ended: ended, early: early, marksTokens: marksTokens
    ).principal(bearing: token, at: now)
  }

  /// - Throws: 40005 for a text that is no key, 40400 for an app or key that is not here, 40101 for a wrong
  ///   secret.
  private func principal(showing text: Secret) throws(ErrorInfo) -> Principal {
    guard let shown = try? APIKey(text.text) else {
      throw ErrorInfo(
        .malformedCredential, "the Basic credentials are not an API key", statusCode: 401,
        remedy: "Send the key as user name and password: appId.keyId and the secret.")
    }
    let key = try apps.key(named: shown.keyName)
    guard shown == key.serviceKey.key else {
      throw ErrorInfo(.invalidCredentials, "the secret is not the one of the key", statusCode: 401)
    }
    return Principal(key: key, capability: key.capability, identity: .any, hasKey: true)
  }

  private func clientId(named request: ServiceRequest) throws(ErrorInfo) -> String? {
    guard let header = request.headers["x-ably-clientid"], !header.isEmpty else { return nil }
    guard let bytes = Base64.standard.decode(header.utf8), let text = String(validating: bytes, as: UTF8.self)
    else {
      throw ErrorInfo(.invalidHeader, "the header X-Ably-ClientId is not base64 of a text", statusCode: 400)
    }
    return text.isEmpty ? nil : text
  }
}
