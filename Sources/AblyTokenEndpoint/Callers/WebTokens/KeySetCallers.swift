public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Callers who carry a JWT of their login that was signed with a private key: RS256, ES256 or EdDSA, by the key in
/// a JWKS that the token names.
public struct KeySetCallers: CallerVerifier {
  private let keys: KeySet
  private let checks: WebTokenChecks

  /// - Parameters:
  ///   - keys: the login's public keys.
  ///   - checks: what its tokens must say. A login's keys often sign for other apps too: state an audience.
  public init(keys: KeySet, checks: WebTokenChecks) {
    self.keys = keys
    self.checks = checks
  }

  /// Whom the token names.
  public func caller(of request: EndpointRequest, at now: Date) async throws(ErrorInfo) -> Caller? {
    guard let token = try BearerToken.of(request) else { return nil }
    let jwt = try readable(token, at: now)
    return try verified(jwt, token, by: try await keys.key(named: jwt.keyName, at: now), at: now)
  }

  /// Whom the token names, if the key is at hand.
  public func promptCaller(of request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Promptly<Caller?> {
    guard let token = try BearerToken.of(request) else { return .now(nil) }
    let jwt = try readable(token, at: now)
    guard case .now(let key) = try keys.promptKey(named: jwt.keyName, at: now) else { return .later }
    return .now(try verified(jwt, token, by: key, at: now))
  }

  // What cannot verify anyway is refused before any key is asked for: it must not cause a fetch.
  private func readable(_ token: String, at now: Date) throws(ErrorInfo) -> UnverifiedJWT {
    let jwt = try BearerToken.parse(token)
    guard let algorithm = jwt.algorithm, VerifyingKey.algorithms.contains(algorithm) else {
      throw WebTokenChecks.refused("its algorithm is none of RS256, ES256 and EdDSA")
    }
    try checks.check(jwt.payload, at: now)
    return jwt
  }

  private func verified(
    _ jwt: UnverifiedJWT, _ token: String, by key: VerifyingKey, at now: Date
  ) throws(ErrorInfo) -> Caller {
    guard jwt.algorithm == key.algorithm else {
      throw WebTokenChecks.refused("its algorithm is not that of its key")
    }
    guard key.verifies(token, signedPart: jwt.signedPart) else {
      throw WebTokenChecks.refused("its signature does not match")
    }
    return Caller(claims: jwt.payload.object ?? [:], way: "jwt")
  }
}
