internal import AblyTokens
internal import FoundationEssentials

/// What a backend signs on a usual day.
enum Sample {
  static let secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
  static let now = Date(timeIntervalSince1970: 1_700_000_000)

  static func key() throws -> APIKey { try APIKey("appidx.keyidx:\(secret)") }

  static let capability: Capability = [
    "chat:*": [.publish, .subscribe, .presence], "news:sport:*": [.subscribe, .history],
  ]

  static let params = TokenParams(ttl: .seconds(3600), capability: capability, clientId: "bob@example.com")

  static let claims = AblyJWT.Claims(capability: capability, clientId: "bob@example.com", issuedAt: now)

  /// The text that a MAC over these parameters covers.
  static func signedText() throws -> [UInt8] {
    Array(try TokenRequestSigner(key: key()).sign(params).signedText.utf8)
  }

  /// The text that the signature of a JWT with these claims covers.
  static func tokenText() throws -> [UInt8] {
    let token = try AblyJWTSigner(key: key()).mint(claims).token.utf8
    return Array(
      token.prefix(
        token.lastIndex(of: UInt8(ascii: ".")).map { token.distance(from: token.startIndex, to: $0) } ?? 0))
  }
}
