#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension AblyJWTSigner {
  /// How far ahead of `now` a token may have been issued: clocks differ.
  public static let clockTolerance: Duration = .seconds(120)

  /// Checks a token and gives its claims.
  ///
  /// Only HS256 under this very key passes. The header is not asked which algorithm to use: whatever else it
  /// names, `none` included, is refused before the signature is looked at.
  ///
  /// - Throws: 40144 for a bad form, algorithm, key name, signature or claim, or a life longer than allowed;
  ///   40142 once it has expired.
  public func verify(
    _ token: String, at now: Date = Date(), keyIsRevocable: Bool = false
  ) throws(ErrorInfo) -> AblyJWT.Claims {
    try verify(UnverifiedJWT(token), at: now, keyIsRevocable: keyIsRevocable)
  }

  /// Checks a token that was taken apart; as ``verify(_:at:keyIsRevocable:)-(String,_,_)``.
  public func verify(
    _ jwt: UnverifiedJWT, at now: Date = Date(), keyIsRevocable: Bool = false
  ) throws(ErrorInfo) -> AblyJWT.Claims {
    guard jwt.algorithm == "HS256" else { throw AblyJWT.invalid("its algorithm is not HS256") }
    guard jwt.header["crit"] == nil else { throw AblyJWT.invalid("its header demands extensions (crit)") }
    guard jwt.keyName == keyName else { throw AblyJWT.invalid("its kid is not the name of this key") }
    guard hmac.mac(of: jwt.signedText) == jwt.signature else {
      throw AblyJWT.invalid("its signature does not match: another secret signed it, or it was changed")
    }
    let claims = try AblyJWT.Claims(json: jwt.payload)
    try check(claims, at: now, keyIsRevocable: keyIsRevocable)
    return claims
  }

  private func check(_ claims: AblyJWT.Claims, at now: Date, keyIsRevocable: Bool) throws(ErrorInfo) {
    let issued = try Milliseconds.of(claims.issuedAt, "iat")
    let expires = try Milliseconds.of(claims.expires, "exp")
    let nowMilliseconds = try Milliseconds.of(now, "now")
    let limit = keyIsRevocable ? AblyJWT.maximumRevocableLifetime : AblyJWT.maximumLifetime
    guard issued < expires else { throw AblyJWT.invalid("it expires before it was issued") }
    guard try expires - issued <= Milliseconds.of(limit, "limit") else {
      throw AblyJWT.invalid("it lives longer than the allowed \(limit)")
    }
    guard try issued - nowMilliseconds <= Milliseconds.of(Self.clockTolerance, "tolerance") else {
      throw AblyJWT.invalid("it was issued in the future")
    }
    if let capability = claims.capabilityText {
      do { _ = try Capability(strict: capability) } catch {
        throw AblyJWT.invalid("its capability is not valid: \(error.message)")
      }
    }
    if let clientId = claims.clientId {
      do { try ClientID.check(clientId) } catch { throw AblyJWT.invalid(error.message) }
    }
    guard nowMilliseconds < expires else {
      throw ErrorInfo(.tokenExpired, "the JWT expired at \(expires) ms", statusCode: 401)
    }
  }
}
