#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A signed wish for a token: whoever holds it may exchange it once, without ever seeing the key (TE1).
///
/// It carries the literal text of what was signed. Decoding one and encoding it again changes no character
/// that the MAC covers, which is why its parts cannot be set.
public struct TokenRequest: Sendable, Hashable {
  /// The name of the key that signed it (TE2).
  public let keyName: String

  /// The capability asked for, as JSON text (TE3); absent: all that the key may do.
  public let capabilityText: String?

  /// The identity asked for (TE2); absent: none; `*`: any.
  public let clientId: String?

  /// The value that makes it usable only once (TE2).
  public var nonce: String { wireNonce.text(in: .url) }

  /// The signature: standard base64 of an HMAC-SHA256 (TE2).
  public var mac: String { wireMAC.text(in: .standard) }

  let wireTTL: WireNumber?
  let wireTimestamp: WireNumber
  let wireNonce: NonceValue
  var wireMAC: MACValue

  /// How long the token shall live (TE4); absent: the service's 60 minutes.
  public var ttl: Duration? { wireTTL.map { .milliseconds($0.milliseconds) } }

  /// When it was signed (TE5). The service takes it within two minutes of its own time.
  public var timestamp: Date { Milliseconds.date(wireTimestamp.milliseconds) }

  /// The capability asked for, as a value; `nil` when absent or not a capability.
  public var capability: Capability? { capabilityText.flatMap { text in try? Capability(parsing: text) } }

  /// Puts a request together from parts that were signed elsewhere.
  ///
  /// - Throws: 40003 for a duration or a date that milliseconds cannot hold.
  public init(
    keyName: String, ttl: Duration? = nil, capabilityText: String? = nil, clientId: String? = nil,
    timestamp: Date, nonce: String, mac: String
  ) throws(ErrorInfo) {
    var wireTTL: WireNumber?
    if let ttl { wireTTL = WireNumber(milliseconds: try Milliseconds.of(ttl, "ttl")) }
    self.init(
      keyName: keyName, wireTTL: wireTTL, capabilityText: capabilityText, clientId: clientId,
      wireTimestamp: WireNumber(milliseconds: try Milliseconds.of(timestamp, "timestamp")),
      wireNonce: NonceValue(nonce, in: .url), wireMAC: MACValue(mac, in: .standard))
  }

  init(
    keyName: String, wireTTL: WireNumber?, capabilityText: String?, clientId: String?,
    wireTimestamp: WireNumber, wireNonce: NonceValue, wireMAC: MACValue
  ) {
    self.keyName = keyName
    self.wireTTL = wireTTL
    self.capabilityText = capabilityText
    self.clientId = clientId
    self.wireTimestamp = wireTimestamp
    self.wireNonce = wireNonce
    self.wireMAC = wireMAC
  }
}

extension TokenRequest: CustomStringConvertible {
  /// What it asks for, without the MAC: within its two minutes a request is as good as a token.
  public var description: String {
    var parts = ["keyName: \(keyName)"]
    if let wireTTL { parts.append("ttl: \(wireTTL.text) ms") }
    if let capabilityText { parts.append("capability: \(capabilityText)") }
    if let clientId { parts.append("clientId: \(clientId)") }
    parts.append("timestamp: \(wireTimestamp.text)")
    return "TokenRequest(\(parts.joined(separator: ", ")), mac: <redacted>)"
  }
}

extension TokenRequest: CustomDebugStringConvertible, CustomReflectable {
  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows, so that `dump` prints no MAC.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
