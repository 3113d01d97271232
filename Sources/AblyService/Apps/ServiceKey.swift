public import AblyTokens

/// An API key as the service holds it: the key itself, what it may do, and whether its tokens can be revoked.
public struct ServiceKey: Sendable {
  /// What a key may do where nothing else is said: every operation on every channel.
  public static let usualCapabilityText = #"{"*":["*"]}"#

  /// The key.
  public let key: APIKey

  /// What the key may do, as the JSON text it was given; tokens that ask for nothing get this very text.
  public let capabilityText: String

  /// Whether tokens of this key can be revoked, which limits their life to one hour.
  public let revocableTokens: Bool

  let capability: Capability

  /// A key with the capability it has been given.
  ///
  /// - Throws: 40000 for a capability text that the service refuses or that allows nothing, 40400 for a key
  ///   whose name is not `appId.keyId` in at most 255 visible ASCII characters.
  public init(
    _ key: APIKey, capabilityText: String = ServiceKey.usualCapabilityText, revocableTokens: Bool = false
  ) throws(ErrorInfo) {
    try Self.checkName(of: key)
    guard capabilityText.utf8.count <= Capability.maximumTextBytes else {
      throw ErrorInfo(
        .badRequest,
        "the capability of the key \(key.keyName) has more than \(Capability.maximumTextBytes) bytes")
    }
    capability = try Capability(strict: capabilityText)
    guard !capability.isEmpty else {
      throw ErrorInfo(.badRequest, "the capability of the key \(key.keyName) allows nothing")
    }
    self.key = key
    self.capabilityText = capabilityText
    self.revocableTokens = revocableTokens
  }

  /// A new key of the shape that Ably gives out, for an app of its own.
  ///
  /// - Throws: 40000 for a capability text that the service refuses or that allows nothing.
  public static func random(
    capabilityText: String = ServiceKey.usualCapabilityText, revocableTokens: Bool = false
  ) throws(ErrorInfo) -> ServiceKey {
    let secret = Base64.url.encode(Randomness.system(32))
    let key = try APIKey("\(Randomness.alphanumeric(6)).\(Randomness.alphanumeric(6)):\(secret)")
    return try ServiceKey(key, capabilityText: capabilityText, revocableTokens: revocableTokens)
  }

  // ASCII, so that two names are equal only when their bytes are; 255, because a token holds the length
  // of the key's id in one byte.
  private static func checkName(of key: APIKey) throws(ErrorInfo) {
    let parts = key.keyName.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, key.keyName.utf8.count <= 255,
      key.keyName.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw ErrorInfo(
        .notFound, "the name of a key must be appId.keyId in visible ASCII", statusCode: 404,
        remedy: "Give the key as appId.keyId:secret.")
    }
  }
}
