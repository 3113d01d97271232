/// A token that a trusted server signs by itself, without asking Ably: an HS256 JWT under the API key.
///
/// Unlike an Ably token its claims can be read by its bearer; unlike an Ably token it can carry claims for
/// channels and publish rates.
public struct AblyJWT: Sendable {
  /// The token string, to hand to a client as it is.
  public let token: String

  /// What was signed.
  public let claims: Claims

  /// What is allowed but probably not wanted. Empty in the usual case.
  public let warnings: [Warning]

  /// Something about a minted token that may bite later.
  public enum Warning: Sendable, Hashable {
    /// With this token the `Authorization` header takes so many bytes, over ``AblyJWT/headerLimit``: proxies
    /// and servers refuse such requests. Use an Ably token for a large capability.
    case headerTooLarge(bytes: Int)
  }

  /// What servers and proxies usually allow for one header line, in bytes.
  public static let headerLimit = 8192

  /// The longest life the service accepts: 24 hours.
  public static let maximumLifetime: Duration = .milliseconds(TokenLifetime.maximum)

  /// The longest life the service accepts under a key whose tokens can be revoked: one hour.
  public static let maximumRevocableLifetime: Duration = .milliseconds(TokenLifetime.maximumRevocable)
}

extension AblyJWT: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The claims, without the token.
  public var description: String { "AblyJWT(token: <redacted>, claims: \(claims))" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the claims alone, so that `dump` prints no token.
  public var customMirror: Mirror { Mirror(self, children: ["claims": claims]) }
}
