internal import AblyTokens
internal import Crypto
internal import Foundation

/// What an app's login gives its users, made without the code that verifies it.
enum Login {
  static let claims: [String: JSONValue] = [
    "sub": "bob", "iss": .string(Desk.issuer), "aud": "chat", "exp": 1_800_000_600,
  ]

  static func token(
    _ changes: [String: JSONValue] = [:], header: [String: JSONValue] = ["alg": "HS256", "typ": "JWT"],
    secret: String = Desk.secret
  ) -> String {
    signed(changes, header: header) { text in
      Data(
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8))))
    }
  }

  static func signed(
    _ changes: [String: JSONValue], header: [String: JSONValue], by sign: (String) throws -> Data
  ) rethrows -> String {
    let claims = Self.claims.merging(changes) { $1 }.filter { $0.value != .null }
    let text = [JSONValue.object(header), .object(claims)].map { url(Data($0.text.utf8)) }.joined(
      separator: ".")
    return try "\(text).\(url(sign(text)))"
  }

  static func url(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
