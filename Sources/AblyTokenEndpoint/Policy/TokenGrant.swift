public import AblyTokens

/// What a caller gets.
public struct TokenGrant: Sendable, Hashable {
  /// The identity bound to the token: `nil` is none, `*` is any.
  public var clientId: String?

  /// What the token may do.
  public var capability: Capability

  /// How long it lives, an hour unless you say otherwise.
  public var ttl: Duration

  /// A name under which this token and others can be revoked together. JWTs only.
  public var revocationKey: String?

  /// Trusted facts that others on a channel can read, by channel or pattern. JWTs only.
  public var channelClaims: [String: String]

  /// How many messages a second may be published, by channel or pattern. JWTs only.
  public var publishRates: [String: Int]

  /// The name of the key in the ``KeyRing`` that signs; its first one where there is none.
  public var key: String?

  /// Describes a grant.
  public init(
    clientId: String?, capability: Capability, ttl: Duration = .seconds(3600), revocationKey: String? = nil,
    channelClaims: [String: String] = [:], publishRates: [String: Int] = [:], key: String? = nil
  ) {
    self.clientId = clientId
    self.capability = capability
    self.ttl = ttl
    self.revocationKey = revocationKey
    self.channelClaims = channelClaims
    self.publishRates = publishRates
    self.key = key
  }

  private static let maximumResources = 400

  /// The part of the grant that was asked for: never more.
  func narrowed(to wish: TokenWish) throws(Refusal) -> TokenGrant {
    var grant = self
    if let asked = wish.clientId, asked != clientId {
      throw .forbidden("the clientId that was asked for is not this caller's")
    }
    if let asked = wish.capability {
      grant.capability = capability.intersection(asked)
      // Patterns on both sides meet pair by pair. No token has room for what comes of many.
      guard grant.capability.ruleCount <= max(capability.ruleCount, Self.maximumResources) else {
        throw .forbidden("what was asked for meets what is granted in too many resources")
      }
    }
    guard !grant.capability.isEmpty else {
      throw .forbidden("nothing of the capability that was asked for is granted")
    }
    if let asked = wish.ttl { grant.ttl = min(ttl, asked) }
    return grant
  }
}
