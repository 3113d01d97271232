public import AblyAuth
internal import AblyService
public import AblyTokens

extension AblyTestService {
  /// Makes a token expire now, whatever its time: it is refused with 40142 from here on, and who is connected with
  /// it is disconnected with that code.
  public func expire(_ token: TokenDetails) { core.expire(token.token) }

  /// Makes a token expire now; as ``expire(_:)-(TokenDetails)``.
  public func expire(_ token: String) { core.expire(token) }

  /// Makes a token count as revoked now, whatever its key: it is refused with 40141 from here on, and who is
  /// connected with it is disconnected with that code.
  public func revoke(_ token: TokenDetails) { core.revoke(token: token.token) }

  /// Makes a token count as revoked now; as ``revoke(_:)-(TokenDetails)``.
  public func revoke(_ token: String) { core.revoke(token: token) }

  /// Revokes tokens of ``revocableKey`` that were issued until now: they are refused with 40141.
  ///
  /// A JWT tells its time in whole seconds. One that is minted in the second of a revocation is refused as well,
  /// since nobody can say that it was not there before.
  ///
  /// - Throws: the service's refusal of a target.
  public func revoke(_ targets: TokenRevocationTargetSpecifier...) async throws(ErrorInfo) {
    try await core.revokeTokens(targets.map { "\($0.type):\($0.value)" }, of: revocableKey.keyName)
  }

  /// Sets the service's clock forward, or back by a negative duration, while everybody else's stays. Tokens and the
  /// connections that use them end by it, and a signed request has to be stamped within two minutes of it. It is never
  /// more than ten years from everybody else's.
  public func skewClock(by duration: Duration) {
    // The service sees to the ten years. This keeps to what milliseconds can hold.
    core.skewClock(by: Int64(max(-1e15, min(1e15, duration / .milliseconds(1)))))
  }
}
