internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a caller's JWT must say besides having a valid signature.
public struct WebTokenChecks: Sendable, Hashable {
  /// Who must have issued it (`iss`); absent: anybody whose signature verifies.
  public var issuer: String?

  /// For whom it must be (`aud`), alone or among others; absent: anybody.
  public var audience: String?

  /// How far ahead of this machine's clock `nbf` and `iat` may be, in seconds.
  static let tolerance: Double = 60

  /// Names an issuer and an audience.
  public init(issuer: String? = nil, audience: String? = nil) {
    self.issuer = issuer
    self.audience = audience
  }

  /// - Throws: 40100 with status 401.
  func check(_ claims: JSONValue, at now: Date) throws(ErrorInfo) {
    let time = now.timeIntervalSince1970
    guard let expires = claims["exp"]?.number?.double, expires.isFinite else {
      throw Self.refused("it has no expiry (exp)")
    }
    guard time < expires else { throw Self.refused("it has expired") }
    for name in ["nbf", "iat"] {
      guard let value = claims[name] else { continue }
      guard let date = value.number?.double, date <= time + Self.tolerance else {
        throw Self.refused("it is not valid yet (\(name))")
      }
    }
    if let issuer, claims["iss"]?.string != issuer { throw Self.refused("it is of another issuer") }
    if let audience {
      let isMeant =
        claims["aud"]?.string == audience || claims["aud"]?.array?.contains(.string(audience)) == true
      guard isMeant else { throw Self.refused("it is for another audience") }
    }
  }

  static func refused(_ why: String) -> ErrorInfo {
    ErrorInfo(.unauthorized, "the caller's JWT does not verify: \(why)", statusCode: 401)
  }
}
