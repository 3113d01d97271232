internal import AblyTokens
internal import Synchronization

extension ServiceCore {
  /// `POST /admin/revocations`: revokes the token that a connection lives by, and whatever else its target covers.
  ///
  /// Of a key that has no revocable ones, and of a client that no target names, that very token alone is over, at this
  /// node and as long as it runs.
  ///
  /// - Throws: 40000 for a body without a `connectionId`, 40400 where nobody is connected under it, 40162 for a
  ///   client that holds the key itself, 50004 when the store does not take it.
  func revokeConnection(_ request: ServiceRequest) async throws(ErrorInfo) -> ServiceResponse {
    guard let id = try request.json()["connectionId"]?.string else {
      throw ErrorInfo(.badRequest, "there is no connectionId", statusCode: 400)
    }
    let now = now
    guard let session = realtime.perform({ $0.sessions[id] }), session.transport != nil else {
      throw ErrorInfo(.notFound, "nobody is connected under this id", statusCode: 404)
    }
    guard let bearer = session.principal.token?.bearer else {
      throw ErrorInfo(
        .operationRequiresBasicAuth, "the client holds the API key itself, which has no token to revoke",
        statusCode: 401)
    }
    guard session.principal.key.serviceKey.revocableTokens, let target = Self.target(of: bearer) else {
      endToken(of: id, .revoked)
      return ServiceResponse(200, ["isLasting": false])
    }
    // A JWT knows no milliseconds: one of this second, or this millisecond, is meant too.
    let end = revocations.withLock { $0.end(ofAllOf: bearer.keyName, at: max(now, bearer.issued + 1)) }
    let revocation = Revocation(
      keyName: bearer.keyName, target: target, issuedBefore: end, appliesAt: now)
    try await revoke([revocation], at: now)
    return ServiceResponse(200, ["isLasting": true, "target": .string(target.text)])
  }

  /// The narrowest target that covers a token.
  private static func target(of bearer: RevocationIndex.Bearer) -> RevocationTarget? {
    if let clientId = bearer.clientId, !clientId.isEmpty, clientId != ClientID.wildcard {
      return RevocationTarget(.clientId, clientId)
    }
    return bearer.revocationKey.flatMap { $0.isEmpty ? nil : RevocationTarget(.revocationKey, $0) }
  }
}
