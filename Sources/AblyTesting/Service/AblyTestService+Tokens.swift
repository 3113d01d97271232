public import AblyAuth
internal import AblyService
public import AblyTokens

extension AblyTestService {
  /// Makes a token expire now, whatever its time: it is refused with 40142 from here on.
  public func expire(_ token: TokenDetails) { core.expire(token.token) }

  /// Makes a token expire now; as ``expire(_:)-(TokenDetails)``.
  public func expire(_ token: String) { core.expire(token) }

  /// Revokes tokens of ``revocableKey`` that were issued until now: they are refused with 40141.
  ///
  /// - Throws: the service's refusal of a target.
  public func revoke(_ targets: TokenRevocationTargetSpecifier...) async throws(ErrorInfo) {
    // A token of the very millisecond of a revocation is not meant by it.
    clock.skew(by: .milliseconds(1))
    let client = try client(options(ClientOptions(key: revocableKey)))
    let result = try await client.auth.revokeTokens(targets)
    for case .failure(let failure) in result.results { throw failure.error }
  }

  /// Sets the service's clock forward, or back by a negative duration, while everybody else's stays. Tokens
  /// expire by it, and a signed request has to be stamped within two minutes of it.
  public func skewClock(by duration: Duration) { clock.skew(by: duration) }
}
