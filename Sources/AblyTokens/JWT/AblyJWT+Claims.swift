#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension AblyJWT {
  /// What an Ably JWT says about its bearer.
  public struct Claims: Sendable, Hashable {
    /// When it was issued (`iat`). Travels in whole seconds.
    public var issuedAt: Date

    /// When it ends (`exp`). Travels in whole seconds.
    public var expires: Date

    /// What it may do, as JSON text (`x-ably-capability`); absent: all that the key may do.
    public var capabilityText: String? {
      get { wish?.text }
      set { wish = newValue.map { CapabilityText($0) } }
    }

    /// The identity bound to it (`x-ably-clientId`): `nil` is none, `*` is any.
    public var clientId: String?

    /// A name under which this token and others can be revoked together (`x-ably-revocation-key`).
    public var revocationKey: String?

    /// Trusted facts that others on a channel can read, by channel or pattern (`ably.channel.<name>`).
    public var channelClaims: [String: String]

    /// How many messages a second may be published per attachment, by channel or pattern
    /// (`ably.limits.publish.perAttachment.maxRate.<name>`).
    public var publishRates: [String: Int]

    // No property observers, as in `TokenParams`.
    private(set) var wish: CapabilityText?

    /// Claims for a token that lives from `now` for `ttl`, in whole seconds.
    public init(
      ttl: Duration = .seconds(3600), capability: Capability? = nil, clientId: String? = nil,
      revocationKey: String? = nil, channelClaims: [String: String] = [:], publishRates: [String: Int] = [:],
      issuedAt now: Date = Date()
    ) {
      self.issuedAt = now
      let (seconds, attoseconds) = ttl.components
      self.expires = now.addingTimeInterval(Double(seconds) + Double(attoseconds) / 1e18)
      self.wish = capability.map { CapabilityText($0.canonicalText, isChecked: $0.isSignable) }
      self.clientId = clientId
      self.revocationKey = revocationKey
      self.channelClaims = channelClaims
      self.publishRates = publishRates
    }

    /// What it may do, as a value; `nil` when absent or not a capability.
    public var capability: Capability? { capabilityText.flatMap { text in try? Capability(parsing: text) } }
  }
}

extension AblyJWT {
  /// The names of the claims that Ably defines.
  enum ClaimName {
    static let capability = "x-ably-capability"
    static let clientId = "x-ably-clientId"
    static let revocationKey = "x-ably-revocation-key"
    static let channelPrefix = "ably.channel."
    static let publishRatePrefix = "ably.limits.publish.perAttachment.maxRate."
  }
}
