internal import AblyTokens
internal import Crypto

/// A JWT of somebody who does not know any key of the service, made by a few lines of its own.
struct OuterToken {
  var header: [String: JSONValue] = ["typ": "JWT", "alg": "RS256", "kid": "somebody-elses"]
  var claims: [String: JSONValue]
  var secret = "somebody else's"

  /// Seconds since 1970.
  init(expires: Int64?) {
    claims = ["iss": "https://issuer.example"]
    claims["exp"] = expires.map { .number(JSONNumber($0)) }
  }

  func withHeader(_ name: String, _ value: JSONValue) -> OuterToken {
    var changed = self
    changed.header[name] = value
    return changed
  }

  func withClaim(_ name: String, _ value: JSONValue) -> OuterToken {
    var changed = self
    changed.claims[name] = value
    return changed
  }

  /// Three parts.
  var signed: String {
    let text = "\(Self.part(header)).\(Self.part(claims))"
    let mac = HMAC<SHA256>.authenticationCode(
      for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return "\(text).\(Base64.url.encode(Array(mac)))"
  }

  /// Five parts, of which the last four are noise to whoever lacks the key.
  var encrypted: String {
    let header = header.merging(["alg": "dir", "enc": "A256GCM"]) { $1 }
    return "\(Self.part(header))..AAECAwQFBgcICQoL.c2VhbGVk.AAECAwQFBgcICQoLDA0ODw"
  }

  private static func part(_ members: [String: JSONValue]) -> String {
    Base64.url.encode(JSONValue.object(members).utf8)
  }
}
