public import AblyTokens

/// What a client asks for. It can only narrow what the policy grants.
public struct TokenWish: Sendable, Hashable {
  /// The identity; it must be the one that is granted.
  public var clientId: String?

  /// The capability, of which the token gets what is granted too.
  public var capability: Capability?

  /// The life, if shorter than what is granted.
  public var ttl: Duration?

  /// Everything that was sent besides, such as `authParams`. Whatever stands here is the client's word.
  public var parameters: [String: String]

  /// A wish, by default for whatever there is.
  public init(
    clientId: String? = nil, capability: Capability? = nil, ttl: Duration? = nil,
    parameters: [String: String] = [:]
  ) {
    self.clientId = clientId
    self.capability = capability
    self.ttl = ttl
    self.parameters = parameters
  }
}
