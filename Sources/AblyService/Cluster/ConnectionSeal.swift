internal import AblyTokens
internal import Crypto

/// Makes keys of connections that every node of a cluster can check, and that say whose the connection is.
struct ConnectionSeal: Sendable, CustomReflectable {
  private let key: SymmetricKey

  private static let macBytes = 16

  init(secret: [UInt8]) {
    key = SymmetricKey(data: secret)
  }

  /// Whose a connection is.
  struct Claims: Sendable, Hashable {
    let appId: String
    let identity: Identity
  }

  func key(of connectionId: String, _ claims: Claims) -> ConnectionKey {
    let text = Base64.url.encode(Self.json(claims).utf8)
    return ConnectionKey(
      connectionId: connectionId, secret: Secret("\(text).\(Base64.url.encode(mac(connectionId, text)))"))
  }

  /// What a key says; `nil` for one that no node of the cluster has made.
  func claims(of key: ConnectionKey) -> Claims? {
    let parts = key.secret.text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let shown = Base64.url.decode(parts[1].utf8) else { return nil }
    guard ConstantTime.equal(shown, mac(key.connectionId, String(parts[0]))) else { return nil }
    return Base64.url.decode(parts[0].utf8).flatMap { try? JSONValue(parsing: $0) }.flatMap(Self.read)
  }

  private func mac(_ connectionId: String, _ text: String) -> [UInt8] {
    Array(
      HMAC<SHA256>.authenticationCode(for: Array("connection\n\(connectionId)\n\(text)".utf8), using: key)
        .prefix(Self.macBytes))
  }

  private static func json(_ claims: Claims) -> JSONValue {
    var members: [String: JSONValue] = ["app": .string(claims.appId)]
    members["clientId"] = claims.identity.clientId.map(JSONValue.string)
    return .object(members)
  }

  private static func read(_ json: JSONValue) -> Claims? {
    guard let appId = json["app"]?.string else { return nil }
    return Claims(appId: appId, identity: Identity(tokenClientId: json["clientId"]?.string))
  }

  // The key must not show, whatever the type of it does.
  var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
