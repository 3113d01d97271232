public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Callers who carry a JWT of their login that was signed with a shared secret: HS256 and nothing else.
public struct SecretCallers: CallerVerifier {
  private let hmacs: [HMACSHA256]
  private let checks: WebTokenChecks

  /// RFC 7518 wants a secret of as many bytes as the hash has: a shorter one can be guessed from one token.
  public static let recommendedSecretBytes = 32

  /// - Parameters:
  ///   - secret: what the login signs with; see ``recommendedSecretBytes``.
  ///   - checks: what its tokens must say.
  /// - Throws: 40003 for an empty secret.
  public init(secret: String, checks: WebTokenChecks = WebTokenChecks()) throws(ErrorInfo) {
    try self.init(secrets: [secret], checks: checks)
  }

  /// Takes several secrets, so that a new one can be put in force while tokens of the old one are still about.
  ///
  /// - Parameters:
  ///   - secrets: what the login signs with, or did until lately; see ``recommendedSecretBytes``.
  ///   - checks: what its tokens must say.
  /// - Throws: 40003 for an empty secret, or none.
  public init(secrets: [String], checks: WebTokenChecks) throws(ErrorInfo) {
    guard !secrets.isEmpty, !secrets.contains("") else {
      throw ErrorInfo(
        .invalidParameterValue, "the login's secret is empty",
        remedy: "Make one, such as `openssl rand -base64 32`, and give it to the login too.")
    }
    hmacs = secrets.map { HMACSHA256(key: Array($0.utf8)) }
    self.checks = checks
  }

  /// Whom the token names.
  public func caller(of request: EndpointRequest, at now: Date) async throws(ErrorInfo) -> Caller? {
    try verified(request, at: now)
  }

  /// Whom the token names.
  public func promptCaller(of request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Promptly<Caller?> {
    .now(try verified(request, at: now))
  }

  private func verified(_ request: EndpointRequest, at now: Date) throws(ErrorInfo) -> Caller? {
    guard let token = try BearerToken.of(request) else { return nil }
    let jwt = try BearerToken.parse(token)
    // The header is not asked which algorithm to use: whatever else it names is refused.
    guard jwt.algorithm == "HS256" else { throw WebTokenChecks.refused("its algorithm is not HS256") }
    guard hmacs.contains(where: { jwt.hasMAC($0) }) else {
      throw WebTokenChecks.refused("its signature does not match")
    }
    try checks.check(jwt.payload, at: now)
    return Caller(claims: jwt.payload.object ?? [:], way: "jwt")
  }
}
