/// Why a token request does or does not verify: the cure for "mac does not match".
///
/// A MAC says only yes or no. This tries the mistakes that hand-written signers make, and reports the one
/// whose MAC the request carries, so that both texts can be laid side by side.
public struct TokenRequestDiagnosis: Sendable {
  /// The text that should have been signed: the literal values that travelled.
  public let expectedText: String

  /// The text that was signed, when it could be found.
  public let signedText: String?

  /// What the signer did otherwise than the protocol asks, in plain words. Empty when the request verifies,
  /// and when no known mistake leads to its MAC.
  public let mistakes: [String]

  /// Whether the key signed exactly what the request says.
  public var verifies: Bool { signedText == expectedText && mistakes.isEmpty }

  /// Whether the MAC comes from this key's secret at all, by whatever mistake.
  public var secretIsRight: Bool { signedText != nil }
}

extension TokenRequestSigner {
  /// Explains why `request` does or does not verify under `key`.
  public static func diagnose(_ request: TokenRequest, with key: APIKey) -> TokenRequestDiagnosis {
    let expected = request.signedUTF8
    for secret in SecretVariant.all(of: key) {
      let hmac = HMACSHA256(key: secret.bytes)
      for text in TextVariant.all(of: request, expected: expected) {
        let mac = hmac.mac(of: text.bytes)
        for spelling in MACSpelling.allCases where spelling.matches(mac, request.mac) {
          return TokenRequestDiagnosis(
            expectedText: request.signedText, signedText: String(decoding: text.bytes, as: UTF8.self),
            mistakes: [request.keyName == key.keyName ? nil : Self.otherKey].compactMap(\.self)
              + [secret.mistake, text.mistake, spelling.mistake].compactMap(\.self))
        }
      }
    }
    return TokenRequestDiagnosis(expectedText: request.signedText, signedText: nil, mistakes: [])
  }

  private static let otherKey = "the request names another key than the one whose secret signed it"
}

/// A key that signers use by mistake for the secret.
private struct SecretVariant {
  let bytes: [UInt8]
  let mistake: String?

  static func all(of key: APIKey) -> [SecretVariant] {
    var variants = [
      SecretVariant(bytes: Array(key.secret.text.utf8), mistake: nil),
      SecretVariant(
        bytes: Array(key.revealed().utf8),
        mistake: "the whole key was used as the secret; use only what follows its first ':'"),
      SecretVariant(
        bytes: Array("\(key.secret.text)\n".utf8), mistake: "the secret was used with a line feed at its end"),
    ]
    let unpadded = key.secret.text.utf8.filter { $0 != UInt8(ascii: "=") }
    if let decoded = Base64.url.decode(unpadded) {
      variants.append(
        SecretVariant(
          bytes: decoded, mistake: "the secret was base64-decoded; use its characters as they are"))
    }
    return variants
  }
}

/// How the 32 bytes of a MAC are spelt by mistake.
private enum MACSpelling: CaseIterable {
  case standard, unpadded, url, hex, base64OfHex

  func matches(_ mac: MACBytes, _ text: String) -> Bool {
    let standard = mac.base64
    let mac = mac.bytes
    let hex = mac.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }.joined()
    return switch self {
    case .standard: text == standard
    case .unpadded: text == standard.filter { $0 != "=" }
    case .url: text.filter { $0 != "=" } == Base64.url.encode(mac)
    case .hex: text.lowercased() == hex
    case .base64OfHex: text == Base64.standard.encode(hex.utf8)
    }
  }

  var mistake: String? {
    switch self {
    case .standard: nil
    case .unpadded: "the mac lacks its '=' padding"
    case .url: "the mac is in the URL-safe alphabet of base64; use the standard one, with padding"
    case .hex: "the mac is in hexadecimal; use base64 of the 32 bytes"
    case .base64OfHex: "the mac is base64 of a hexadecimal text; use base64 of the 32 bytes"
    }
  }
}
