internal import AblyTokens
internal import Crypto

/// A token request signed by a few lines of its own, so that it can say what a decent signer refuses to.
struct HandSignedRequest {
  var members: [String: JSONValue]
  var secret: String

  init(
    keyName: String = "appOne.keyRoot", secret: String = "rootSecret", timestamp: JSONValue,
    nonce: String = "nonce-of-16-chars"
  ) {
    members = ["keyName": .string(keyName), "timestamp": timestamp, "nonce": .string(nonce)]
    self.secret = secret
  }

  func with(_ name: String, _ value: JSONValue) -> HandSignedRequest {
    var changed = self
    changed.members[name] = value
    return changed
  }

  /// The request with the MAC over what it says, one value a line.
  var signed: JSONValue {
    let lines = ["keyName", "ttl", "capability", "clientId", "timestamp", "nonce"].map { name in
      switch members[name] {
      case .string(let text): text
      case .number(let number): number.literal
      default: ""
      }
    }
    let text = lines.map { "\($0)\n" }.joined()
    let mac = HMAC<SHA256>.authenticationCode(
      for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return .object(members.merging(["mac": .string(Base64.standard.encode(Array(mac)))]) { $1 })
  }
}
