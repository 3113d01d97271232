/// Which tokens to revoke (TRT1).
public struct TokenRevocationTargetSpecifier: Sendable, Hashable {
  /// The kind: `clientId`, `revocationKey` or `channel` (TRT2a).
  public var type: String

  /// What of that kind (TRT2b).
  public var value: String

  /// Names tokens by any kind that the service knows.
  public init(type: String, value: String) {
    self.type = type
    self.value = value
  }

  /// The tokens of an identity.
  public static func clientId(_ clientId: String) -> Self { Self(type: "clientId", value: clientId) }

  /// The tokens with this revocation key, which a JWT may carry.
  public static func revocationKey(_ key: String) -> Self { Self(type: "revocationKey", value: key) }

  /// The tokens whose capability names this channel.
  public static func channel(_ name: String) -> Self { Self(type: "channel", value: name) }

  /// As it travels (RSA17b).
  var text: String { "\(type):\(value)" }
}
