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
  let signed: SignedValues
  let macBytes: MACBytes

  /// The name of the key that signed it (TE2).
  public var keyName: String { signed.keyName }

  /// The capability asked for, as JSON text (TE3); absent: all that the key may do.
  public var capabilityText: String? { signed.capability?.text }

  /// The identity asked for (TE2); absent: none; `*`: any.
  public var clientId: String? { signed.clientId }

  /// The value that makes it usable only once (TE2).
  public var nonce: String { signed.spelling.foreign?.nonce ?? signed.nonce.text }

  /// The signature: standard base64 of an HMAC-SHA256 (TE2).
  public var mac: String { signed.spelling.foreign?.mac ?? macBytes.base64 }

  /// How long the token shall live (TE4); absent: the service's 60 minutes.
  public var ttl: Duration? { signed.ttl.map { .milliseconds($0) } }

  /// When it was signed (TE5). The service takes it within two minutes of its own time.
  public var timestamp: Date { Milliseconds.date(signed.timestamp) }

  /// The capability asked for, as a value; `nil` when absent or not a capability.
  public var capability: Capability? { capabilityText.flatMap { text in try? Capability(parsing: text) } }

  /// Puts a request together from parts that were signed elsewhere.
  ///
  /// - Throws: 40003 for a duration or a date that milliseconds cannot hold.
  public init(
    keyName: String, ttl: Duration? = nil, capabilityText: String? = nil, clientId: String? = nil,
    timestamp: Date, nonce: String, mac: String
  ) throws(ErrorInfo) {
    var wireTTL: Int64?
    if let ttl { wireTTL = try Milliseconds.of(ttl, "ttl") }
    self.init(
      keyName: keyName, capabilityText: capabilityText, clientId: clientId, ttl: wireTTL,
      timestamp: try Milliseconds.of(timestamp, "timestamp"), nonce: nonce, mac: mac)
  }

  init(_ signed: consuming SignedValues, mac: MACBytes) {
    self.signed = signed
    macBytes = mac
  }

  /// With texts that somebody else wrote.
  init(
    keyName: String, capabilityText: String?, clientId: String?, ttl: Int64?, timestamp: Int64, nonce: String,
    mac: String, spelling texts: WireSpelling.Texts = WireSpelling.Texts()
  ) {
    let nonceText = NonceText(nonce)
    let macBytes = MACBytes(base64: mac)
    var texts = texts
    if nonceText == nil { texts.nonce = nonce }
    if macBytes == nil { texts.mac = mac }
    self.init(
      SignedValues(
        keyName: keyName, capability: capabilityText.map { CapabilityText($0) }, clientId: clientId, ttl: ttl,
        timestamp: timestamp,
        nonce: nonceText ?? .none, spelling: WireSpelling(texts)),
      mac: macBytes ?? .zero)
  }
}

extension TokenRequest: CustomStringConvertible {
  /// What it asks for, without the MAC: within its two minutes a request is as good as a token.
  public var description: String {
    let foreign = signed.spelling.foreign
    var parts = ["keyName: \(keyName)"]
    if let ttl = signed.ttl { parts.append("ttl: \(foreign?.ttl?.text ?? String(ttl)) ms") }
    if let capabilityText { parts.append("capability: \(capabilityText)") }
    if let clientId { parts.append("clientId: \(clientId)") }
    parts.append("timestamp: \(foreign?.timestamp?.text ?? String(signed.timestamp))")
    return "TokenRequest(\(parts.joined(separator: ", ")), mac: <redacted>)"
  }
}

extension TokenRequest: CustomDebugStringConvertible, CustomReflectable {
  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows, so that `dump` prints no MAC.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
