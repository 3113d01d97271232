#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A token and what is known about it (TD1).
public struct TokenDetails: Sendable, Hashable {
  /// The token string: whoever holds it is its bearer (TD2).
  public var token: String

  /// The key that issued it, where the service said so.
  public var keyName: String?

  /// When it was issued, exact to the millisecond (TD4).
  public var issued: Date?

  /// When it ends, exact to the millisecond (TD3). Unknown for a bare token string (RSA16b).
  public var expires: Date?

  /// What it may do, as JSON text (TD5).
  public var capabilityText: String?

  /// The identity bound to it (TD6): `nil` is none, `*` is any.
  public var clientId: String?

  /// Describes a token. Given the string alone, all else is unknown (RSA16b).
  public init(
    token: String, keyName: String? = nil, issued: Date? = nil, expires: Date? = nil,
    capabilityText: String? = nil, clientId: String? = nil
  ) {
    self.token = token
    self.keyName = keyName
    self.issued = issued
    self.expires = expires
    self.capabilityText = capabilityText
    self.clientId = clientId
  }

  /// What it may do, as a value; `nil` when unknown or not a capability.
  public var capability: Capability? { capabilityText.flatMap { text in try? Capability(parsing: text) } }
}

extension TokenDetails: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What is known about the token, without the token.
  public var description: String {
    var parts = ["token: <redacted>"]
    if let keyName { parts.append("keyName: \(keyName)") }
    if let expires { parts.append("expires: \(Int64(clamping: expires))") }
    if let capabilityText { parts.append("capability: \(capabilityText)") }
    if let clientId { parts.append("clientId: \(clientId)") }
    return "TokenDetails(\(parts.joined(separator: ", ")))"
  }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows, so that `dump` prints no token.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension Int64 {
  fileprivate init(clamping date: Date) {
    let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
    self = Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
  }
}
