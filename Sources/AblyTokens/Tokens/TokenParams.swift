#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What a token should be able to do, and for how long (TK1, TK2).
///
/// What is not given is absent, in the JSON that travels and in the text that is signed; the service then
/// decides: 60 minutes (RSA5), the whole capability of the key (RSA6), no identity (TK2c).
public struct TokenParams: Sendable, Hashable {
  /// How long the token lives, in whole milliseconds (TK2a). Ably gives 60 minutes where it is absent.
  public var ttl: Duration? {
    get { lifetime?.duration }
    set { lifetime = newValue.map(Lifetime.init) }
  }

  /// The capability as JSON text, exactly as it will be signed and sent (TK2b). Empty counts as absent.
  public var capabilityText: String? {
    get { wish?.text }
    set { wish = newValue.map { CapabilityText($0) } }
  }

  /// The identity bound to the token; `*` lets its holder take any (TK2c). Empty counts as absent, as
  /// official clients have it.
  public var clientId: String?

  /// The time of this request (TK2d). Only for this one request: it is never stored as a default.
  public var timestamp: Date?

  /// A value used once (TK2e); a random one is made where it is absent (RSA9c).
  public var nonce: String?

  // No property observers: an initialiser in somebody's extension would pass them by.
  private(set) var lifetime: Lifetime?
  private(set) var wish: CapabilityText?

  /// A ttl with its milliseconds worked out once: taking a Duration apart costs as much as writing the number.
  struct Lifetime: Sendable, Hashable {
    let duration: Duration
    /// `nil` when the duration is longer than milliseconds can hold.
    let milliseconds: Int64?

    init(_ duration: Duration) {
      self.duration = duration
      milliseconds = Milliseconds.of(duration)
    }
  }

  /// Asks for a token with these limits.
  public init(
    ttl: Duration? = nil, capability: Capability? = nil, clientId: String? = nil, timestamp: Date? = nil,
    nonce: String? = nil
  ) {
    self.clientId = clientId
    self.timestamp = timestamp
    self.nonce = nonce
    lifetime = ttl.map(Lifetime.init)
    wish = capability.map { CapabilityText($0.canonicalText, isChecked: $0.hasDistinctNames) }
  }

  /// The capability as a value. Setting it writes its canonical text; reading gives `nil` when
  /// ``capabilityText`` is absent or is not a capability.
  public var capability: Capability? {
    get { capabilityText.flatMap { text in try? Capability(parsing: text) } }
    set { wish = newValue.map { CapabilityText($0.canonicalText, isChecked: $0.hasDistinctNames) } }
  }
}
