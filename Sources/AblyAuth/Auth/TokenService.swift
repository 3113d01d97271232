package import AblyTokens

#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// The calls that ``Auth`` needs made. None but the last carries credentials of Ably.
package protocol TokenService: Sendable {
  /// The service's time (RSC16).
  func serverTime() async throws(ErrorInfo) -> Date

  /// Exchanges a signed request for a token (RSA8a).
  func exchange(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails

  /// Asks an auth server (RSA8c).
  func ask(_ call: AuthURLCall) async throws(ErrorInfo) -> AuthAnswer

  /// Revokes tokens of a key, with the key (RSA17g).
  func revoke(_ body: JSONValue, keyName: String, authorization: Secret) async throws(ErrorInfo) -> JSONValue
}
