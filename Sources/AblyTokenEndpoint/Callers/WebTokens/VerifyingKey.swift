internal import AblyTokens
internal import JWTKit

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A public key of a login, and the one algorithm that it is for.
struct VerifyingKey: Sendable {
  static let algorithms: Set<String> = ["RS256", "ES256", "EdDSA"]

  let name: String?
  let algorithm: String
  private let verifier: any JWTAlgorithm

  /// Reads a key of a JWKS; `nil` for one that is for something else, too weak, or too large.
  init?(_ json: JSONValue) async {
    guard let plan = Self.plan(json), let key = try? JWK(json: plan.json.text) else { return nil }
    let collection = JWTKeyCollection()
    guard (try? await collection.add(jwk: key, isDefault: true)) != nil,
      let verifier = try? await collection.getKey(alg: plan.algorithm)
    else { return nil }
    name = json["kid"]?.string
    algorithm = plan.algorithm
    self.verifier = verifier
  }

  /// The algorithm of a key, and its public members alone.
  private static func plan(_ json: JSONValue) -> (algorithm: String, json: JSONValue)? {
    if let use = json["use"], use.string != "sig" { return nil }
    if let kid = json["kid"]?.string, kid.utf8.count > 256 { return nil }
    let algorithm: String
    var members: [String: JSONValue] = [:]
    switch (json["kty"]?.string, json["crv"]?.string) {
    case ("RSA", _):
      guard let modulus = json["n"]?.string, let exponent = json["e"]?.string, isFit(modulus, exponent)
      else { return nil }
      algorithm = "RS256"
      members = ["kty": "RSA", "n": .string(modulus), "e": .string(exponent)]
    case ("EC", "P-256"):
      guard let x = json["x"]?.string, let y = json["y"]?.string, x.utf8.count <= 64, y.utf8.count <= 64
      else { return nil }
      algorithm = "ES256"
      members = ["kty": "EC", "crv": "P-256", "x": .string(x), "y": .string(y)]
    case ("OKP", "Ed25519"):
      guard let x = json["x"]?.string, x.utf8.count <= 64 else { return nil }
      algorithm = "EdDSA"
      members = ["kty": "OKP", "crv": "Ed25519", "x": .string(x)]
    default: return nil
    }
    if let stated = json["alg"], stated.string != algorithm { return nil }
    members["alg"] = .string(algorithm)
    members["kid"] = .string(json["kid"]?.string ?? "-")
    return (algorithm, .object(members))
  }

  /// RSA from 2048 to 8192 bits: below it can be broken, above it costs whoever verifies too much.
  private static func isFit(_ modulus: String, _ exponent: String) -> Bool {
    guard let bytes = Base64.url.decode(modulus.utf8) else { return false }
    let bits = bytes.drop { $0 == 0 }.count * 8
    return (2048...8192).contains(bits) && (1...6).contains(exponent.utf8.count)
  }

  /// Whether this key signed the token.
  func verifies(_ token: String, signedPart: String) -> Bool {
    let signature = token.utf8.dropFirst(signedPart.utf8.count + 1)
    guard let bytes = Base64.url.decode(signature), bytes.count <= 1024 else { return false }
    return (try? verifier.verify(bytes, signs: Array(signedPart.utf8))) == true
  }
}
