internal import AblyTokens
internal import Foundation

/// A JWT such as the login of an app gives, for trying things out.
enum LoginToken {
  /// Who issues them.
  static let issuer = "ably-auth-dev"

  /// Lives for a day.
  static func make(_ claims: [String: JSONValue], secret: String, at now: Date) -> String {
    let seconds = Int64(now.timeIntervalSince1970)
    let all = claims.merging([
      "iss": .string(issuer), "aud": .string(issuer), "iat": .number(JSONNumber(seconds)),
      "exp": .number(JSONNumber(seconds + 86_400)),
    ]) { given, _ in given }
    let signed = [#"{"alg":"HS256","typ":"JWT"}"#, JSONValue.object(all).text]
      .map { Base64.url.encode($0.utf8) }.joined(separator: ".")
    let mac = HMACSHA256(key: Array(secret.utf8)).mac(of: Array(signed.utf8))
    return "\(signed).\(Base64.url.encode(mac.bytes))"
  }
}
