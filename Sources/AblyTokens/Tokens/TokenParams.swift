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
    didSet { ttlMilliseconds = ttl.flatMap(Milliseconds.of) }
  }

  /// The capability as JSON text, exactly as it will be signed and sent (TK2b). Empty counts as absent.
  public var capabilityText: String? {
    didSet { capabilityIsCanonical = false }
  }

  /// The identity bound to the token; `*` lets its holder take any (TK2c). Empty counts as absent, as
  /// official clients have it.
  public var clientId: String?

  /// The time of this request (TK2d). Only for this one request: it is never stored as a default.
  public var timestamp: Date?

  /// A value used once (TK2e); a random one is made where it is absent (RSA9c).
  public var nonce: String?

  // Worked out once: taking a Duration apart costs as much as writing the number. Nil when it does not fit.
  private(set) var ttlMilliseconds: Int64?

  // A text this package wrote needs no second parse before it is signed.
  var capabilityIsCanonical: Bool

  /// Asks for a token with these limits.
  public init(
    ttl: Duration? = nil, capability: Capability? = nil, clientId: String? = nil, timestamp: Date? = nil,
    nonce: String? = nil
  ) {
    self.ttl = ttl
    self.ttlMilliseconds = ttl.flatMap(Milliseconds.of)
    self.capabilityText = capability?.canonicalText
    self.clientId = clientId
    self.timestamp = timestamp
    self.nonce = nonce
    self.capabilityIsCanonical = capability != nil
  }

  /// The capability as a value. Setting it writes its canonical text; reading gives `nil` when
  /// ``capabilityText`` is absent or is not a capability.
  public var capability: Capability? {
    get { capabilityText.flatMap { text in try? Capability(parsing: text) } }
    set {
      capabilityText = newValue?.canonicalText
      capabilityIsCanonical = newValue != nil
    }
  }

  /// Whether both ask for the same, however the capability was given.
  public static func == (left: TokenParams, right: TokenParams) -> Bool {
    left.ttl == right.ttl && left.capabilityText == right.capabilityText && left.clientId == right.clientId
      && left.timestamp == right.timestamp && left.nonce == right.nonce
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ttl)
    hasher.combine(capabilityText)
    hasher.combine(clientId)
    hasher.combine(timestamp)
    hasher.combine(nonce)
  }
}
