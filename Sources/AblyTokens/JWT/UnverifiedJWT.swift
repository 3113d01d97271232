/// The parts of a JWT before anything in it may be believed.
public struct UnverifiedJWT: Sendable {
  /// The JOSE header.
  public let header: JSONValue

  /// The claims, whoever wrote them.
  public let payload: JSONValue

  let signedText: [UInt8]
  /// `nil` when it is not as long as an HMAC-SHA256.
  let signature: MACBytes?

  /// What the signature is over: header and payload as they travelled, with the dot between them.
  public var signedPart: String { String(decoding: signedText, as: UTF8.self) }

  /// The most text that is looked at: 128 KiB, the limit that RSA4f sets for a token.
  public static let maximumBytes = 128 * 1024

  /// The key that is said to have signed it.
  public var keyName: String? { header["kid"]?.string }

  /// The algorithm that is said to have signed it.
  public var algorithm: String? { header["alg"]?.string }

  /// Whether a token string has the outer form of a JWT: three parts separated by dots.
  public static func looksLikeJWT(_ token: String) -> Bool {
    let parts = token.utf8.prefix(maximumBytes).split(
      separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    // The signature alone may be missing: such a JWT is a bad one, not something else.
    return parts.count == 3 && !parts[0].isEmpty && !parts[1].isEmpty
  }

  /// Takes a JWT apart, checking its form alone.
  ///
  /// - Throws: 40144 for a text over 128 KiB, or that is not three base64url parts of which the first two
  ///   hold JSON objects.
  public init(_ token: String) throws(ErrorInfo) {
    let utf8 = Array(token.utf8.prefix(Self.maximumBytes + 1))
    guard utf8.count <= Self.maximumBytes else { throw AblyJWT.invalid("it is larger than 128 KiB") }
    let parts = utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw AblyJWT.invalid("it has \(parts.count) parts where a JWT has three") }
    header = try Self.object(parts[0], "header")
    payload = try Self.object(parts[1], "payload")
    guard let signature = Base64.url.decode(parts[2]) else {
      throw AblyJWT.invalid("its signature is not base64url")
    }
    self.signature = MACBytes(signature)
    signedText = Array(utf8[..<parts[1].endIndex])
  }

  private static func object(_ part: ArraySlice<UInt8>, _ name: String) throws(ErrorInfo) -> JSONValue {
    guard let bytes = Base64.url.decode(part), let json = try? JSONValue(parsing: bytes), json.object != nil
    else {
      throw AblyJWT.invalid("its \(name) is not a JSON object in base64url")
    }
    return json
  }
}

extension UnverifiedJWT: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What it says, without the signature that would make it a credential, and without the token that it may
  /// carry (`x-ably-token`).
  public var description: String { "UnverifiedJWT(header: \(shown.header), payload: \(shown.payload))" }

  /// As ``description``.
  public var debugDescription: String { description }

  /// Shows the header and the claims, so that `dump` prints no credential.
  public var customMirror: Mirror {
    Mirror(self, children: ["header": shown.header, "payload": shown.payload])
  }

  private var shown: (header: JSONValue, payload: JSONValue) {
    func shown(_ json: JSONValue) -> JSONValue {
      guard var members = json.object, members["x-ably-token"] != nil else { return json }
      members["x-ably-token"] = "<redacted>"
      return .object(members)
    }
    return (shown(header), shown(payload))
  }
}

extension UnverifiedJWT {
  /// Whether its signature is this MAC over what was signed, in constant time.
  package func hasMAC(_ hmac: HMACSHA256) -> Bool { hmac.mac(of: signedText) == signature }
}
