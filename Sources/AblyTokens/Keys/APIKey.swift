/// An Ably API key: `appId.keyId:secret`.
///
/// The name is public, it travels in every token request. The secret never leaves a trusted process, so a
/// key prints, logs and mirrors as its name alone, and two keys are compared in constant time.
public struct APIKey: Sendable {
  /// The part before the first `:`, such as `appId.keyId`.
  public let keyName: String

  let secret: Secret

  /// Splits a key at its first `:` (RSA11).
  ///
  /// - Throws: 40400 with status 404, the code of the official clients, when there is no `:`, a side of it
  ///   is empty, or white space or a control character stands in it: a key that was cut or pasted badly
  ///   would otherwise show itself as a wrong MAC much later.
  public init(_ text: String) throws(ErrorInfo) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw Self.malformed("there is no ':' in it")
    }
    let name = text[..<colon]
    let secret = text[text.utf8.index(after: colon)...]
    guard !name.isEmpty else { throw Self.malformed("nothing stands before its ':'") }
    guard !secret.isEmpty else { throw Self.malformed("nothing stands after its ':'") }
    guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
      throw Self.malformed("it holds white space or a control character")
    }
    keyName = String(name)
    self.secret = Secret(String(secret))
  }

  /// Puts a key together from its parts.
  ///
  /// - Throws: 40400, as ``init(_:)``, and when the name holds a `:`.
  public init(keyName: String, keySecret: String) throws(ErrorInfo) {
    guard !keyName.utf8.contains(UInt8(ascii: ":")) else { throw Self.malformed("its name holds a ':'") }
    try self.init("\(keyName):\(keySecret)")
  }

  private static func malformed(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .notFound, "this is not an Ably API key: \(why)", statusCode: 404,
      remedy: "Copy the whole key from the API Keys tab of your Ably dashboard: appId.keyId:secret.")
  }

  /// The app the key belongs to: the part of its name before the first `.`.
  public var appId: String { String(keyName.prefix { $0 != "." }) }

  /// The whole key in clear text, to put it where a secret belongs. Never log it.
  public func revealed() -> String { "\(keyName):\(secret.text)" }
}

extension APIKey: Hashable {
  /// Whether both the names and the secrets are equal, in constant time for the secrets.
  public static func == (left: APIKey, right: APIKey) -> Bool {
    left.keyName == right.keyName && left.secret == right.secret
  }

  /// Hashes the name only, so that no hash is ever computed over the secret.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(keyName)
  }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The name, with the secret left out.
  public var description: String { "\(keyName):<redacted>" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the name alone, so that `dump` prints no secret.
  public var customMirror: Mirror { Mirror(self, children: ["keyName": keyName]) }
}
