internal import AblyTokens
internal import Crypto

/// The token string:
///
///     appId "." base64url( version, length of keyId, keyId, 12 bytes of nonce, ciphertext, 16 bytes of tag )
///
/// The contents are encrypted and authenticated by AES-256-GCM under a key that HKDF-SHA256 derives from the
/// API key's secret. Everything that stands in clear text, the app's id and its dot included, is
/// authenticated with them: a token cannot be moved to another app or key by writing another name into it.
extension OpaqueToken {
  static let version: UInt8 = 1

  private static let nonceCount = 12
  private static let tagCount = 16

  /// What stands in clear in each token of a key.
  struct ClearText: Sendable {
    /// The app's id and its dot.
    let prefix: String
    /// What stands before the nonce.
    let header: [UInt8]
    /// Both: what is authenticated with the contents.
    let authenticated: [UInt8]

    init(of key: APIKey) {
      prefix = "\(key.appId)."
      let keyId = Array(key.keyName.utf8.dropFirst(prefix.utf8.count))
      header = [OpaqueToken.version, UInt8(truncatingIfNeeded: keyId.count)] + keyId
      authenticated = Array(prefix.utf8) + header
    }
  }

  /// The token string.
  ///
  /// - Throws: 50000 if the cipher fails, which nobody's input can bring about.
  func sealed(with key: IssuingKey) throws(ErrorInfo) -> String {
    let clear = key.tokenClearText
    // Always from the system: a repeated one would give the key away.
    let nonce = try? AES.GCM.Nonce(data: RandomBytes.next(Self.nonceCount))
    let box = try? AES.GCM.seal(
      contentsUTF8, using: key.sealingKey, nonce: nonce, authenticating: clear.authenticated)
    guard let sealed = box?.combined else {
      throw ErrorInfo(.internalError, "the token could not be sealed")
    }
    return clear.prefix + (clear.header + sealed).withUnsafeBytes { Base64.url.encode($0) }
  }

  /// The contents of a token string, and the key it was issued with.
  ///
  /// - Throws: 40145 for a text that has not the form of a token; 40143 for one that names an app or key not
  ///   known here, or that its key did not seal exactly as it is.
  static func open(_ token: String, apps: AppDirectory) throws(ErrorInfo) -> (OpaqueToken, IssuingKey) {
    if let known = apps.openedTokens.recall(token, apps: apps) { return known }
    guard let parts = Parts(token) else {
      throw ErrorInfo(.invalidAblyToken, "the token has not the form of an Ably token", statusCode: 401)
    }
    guard let key = apps.find(parts.keyName) else {
      throw ErrorInfo(
        .tokenUnrecognized, "the token is of an app or a key that is not known here", statusCode: 401)
    }
    guard let contents = parts.contents(openedWith: key.sealingKey) else {
      throw ErrorInfo(
        .tokenUnrecognized, "the token was changed, or issued by a service with another secret for its key",
        statusCode: 401)
    }
    guard let opened = OpaqueToken(contents: contents) else {
      throw ErrorInfo(.invalidAblyToken, "the token's contents cannot be read", statusCode: 401)
    }
    apps.openedTokens.remember(token, opened, key)
    return (opened, key)
  }

  /// The name of the key that a token string says it was issued with.
  static func keyName(of token: String) -> String? { Parts(token)?.keyName }

  /// A token string taken apart.
  struct Parts {
    let keyName: String
    private let authenticated: [UInt8]
    private let sealed: ArraySlice<UInt8>

    init?(_ token: String) {
      guard let dot = token.utf8.firstIndex(of: UInt8(ascii: ".")),
        let bytes = Base64.url.decode(token.utf8[token.utf8.index(after: dot)...]),
        bytes.count >= 2, bytes[0] == OpaqueToken.version
      else { return nil }
      let clearCount = 2 + Int(bytes[1])
      guard bytes.count >= clearCount + OpaqueToken.nonceCount + OpaqueToken.tagCount,
        let keyId = String(validating: bytes[2..<clearCount], as: UTF8.self)
      else { return nil }
      let prefix = token[...dot]
      keyName = prefix + keyId
      authenticated = Array(prefix.utf8) + bytes[..<clearCount]
      sealed = bytes[clearCount...]
    }

    func contents(openedWith key: SymmetricKey) -> [UInt8]? {
      guard let box = try? AES.GCM.SealedBox(combined: Array(sealed)),
        let contents = try? AES.GCM.open(box, using: key, authenticating: authenticated)
      else { return nil }
      return Array(contents)
    }
  }
}
