internal import AblyTokens
internal import Crypto

/// A key with the state it takes to check what it signed and to seal what it issues, prepared once, and shared by
/// all who are connected by it.
final class IssuingKey: Sendable, CustomStringConvertible, CustomReflectable {
  let serviceKey: ServiceKey

  /// Who brought it.
  let origin: StoredKey.Origin

  let requestSigner: TokenRequestSigner
  let jwtSigner: AblyJWTSigner

  /// The app it belongs to.
  let appId: String

  /// What stands in clear in its opaque tokens.
  let tokenClearText: OpaqueToken.ClearText

  /// Seals opaque tokens. Derived from the secret, so that every node that knows the key can open them.
  let sealingKey: SymmetricKey

  /// What the capabilities that its tokens state came to.
  let grants: GrantMemory

  /// Whether it may do every operation on every channel of its app.
  let mayDoEverything: Bool

  private static let everything: Capability = ["*": [.all]]

  init(_ serviceKey: ServiceKey, origin: StoredKey.Origin = .given) {
    let key = serviceKey.key
    self.serviceKey = serviceKey
    self.origin = origin
    appId = key.appId
    tokenClearText = OpaqueToken.ClearText(of: key)
    mayDoEverything = Self.everything.isSubset(of: serviceKey.capability)
    grants = GrantMemory(of: serviceKey.capability)
    requestSigner = TokenRequestSigner(key: key)
    jwtSigner = AblyJWTSigner(key: key)
    let secret = Array(key.revealed().utf8.dropFirst(key.keyName.utf8.count + 1))
    sealingKey = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret),
      salt: Array("opaque token, version \(OpaqueToken.version)".utf8), info: Array(key.keyName.utf8),
      outputByteCount: 32)
  }

  var keyName: String { serviceKey.key.keyName }
  var capability: Capability { serviceKey.capability }

  // What signs and seals must not show, whatever the types of it do.
  var description: String { keyName }
  var customMirror: Mirror { Mirror(self, children: ["keyName": keyName]) }

  /// The longest life a token of this key may have, in milliseconds.
  var maximumLifetime: Int64 { TokenLifetime.maximum(isRevocable: serviceKey.revocableTokens) }
}
