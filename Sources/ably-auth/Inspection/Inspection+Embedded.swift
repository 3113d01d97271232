internal import AblyTokens
internal import Foundation

extension Inspection {
  private static let claim = "x-ably-token"
  private static let maximumEnvelopes = 4

  /// The token that a JWT carries; `nil` for one that is a token itself. The header counts before the claims.
  static func carried(by jwt: UnverifiedJWT) -> JSONValue? { jwt.header[claim] ?? jwt.payload[claim] }

  /// The header of an encrypted JWT, which has five parts.
  static func encryptedHeader(of token: String) -> JSONValue? {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 5, let bytes = Base64.url.decode(parts[0]),
      let header = try? JSONValue(parsing: bytes),
      header.object != nil
    else { return nil }
    return header
  }

  /// A JWT of somebody else's making, around a token of Ably's.
  static func inspect(envelope jwt: UnverifiedJWT, key: APIKey?, now: Date, inside envelopes: Int)
    -> Inspection
  {
    var inspection = Inspection(kind: "JWT that carries a token", note: nil)
    inspection.add("algorithm", "algorithm", jwt.header["alg"], "its signature is its maker's affair")
    inspection.add("keyName", "key name", jwt.header["kid"])
    inspection.add(
      "carriedIn", "carried in", jwt.header[claim] == nil ? "the claims" : "the header", claim)
    let end = Milliseconds.ofSeconds(jwt.payload["exp"]).map(Milliseconds.date)
    inspection.add("expires", "expires", end, now: now)
    if var claims = jwt.payload.object {
      claims[claim] = claims[claim].map { _ in "(see below)" }
      inspection.add("claims", "all claims", .object(claims), "none of them counts but exp")
    }
    inspection.look(into: carried(by: jwt), key: key, now: now, inside: envelopes)
    inspection.checkEnd(end)
    return inspection
  }

  /// An encrypted JWT: what it carries stands in its header, and nothing else can be read.
  static func inspect(encrypted header: JSONValue, key: APIKey?, now: Date, inside envelopes: Int)
    -> Inspection
  {
    guard let token = header[claim] else {
      var inspection = Inspection(kind: "encrypted JWT", note: nil)
      inspection.isSealed = true
      inspection.add("algorithm", "algorithm", header["alg"])
      inspection.add(
        "contents", "contents", .null, "encrypted, and no \(claim) in its header: Ably refuses it")
      return inspection
    }
    var inspection = Inspection(kind: "encrypted JWT that carries a token", note: nil)
    inspection.add("algorithm", "algorithm", header["alg"])
    inspection.add("encryption", "encryption", header["enc"])
    inspection.add("carriedIn", "carried in", "the header", claim)
    inspection.add("contents", "claims", .null, "encrypted: only its maker can read them")
    inspection.look(into: token, key: key, now: now, inside: envelopes)
    return inspection
  }

  private mutating func look(into value: JSONValue?, key: APIKey?, now: Date, inside envelopes: Int) {
    guard let token = value?.string, envelopes < Self.maximumEnvelopes,
      let inner = try? Self.inspect(token: token, key: key, now: now, inside: envelopes + 1)
    else {
      let why =
        envelopes < Self.maximumEnvelopes
        ? "what it carries is no token" : "tokens lie in it deeper than \(Self.maximumEnvelopes)"
      verdict = Verdict(verifies: false, sentence: why)
      return
    }
    embedded = [inner]
    capabilityText = inner.capabilityText
    isSealed = inner.isSealed
    verdict = inner.verdict.map {
      Verdict(verifies: $0.verifies, sentence: "the token in it: \($0.sentence)")
    }
  }

  /// Its bearer would otherwise renew too late.
  private mutating func checkEnd(_ end: Date?) {
    guard let end else {
      verdict = Verdict(verifies: false, sentence: "it carries a token and has itself no end (exp)")
      return
    }
    guard let inner = embedded.first?.facts.first(where: { $0.name == "expires" })?.value.number?.int64,
      let outer = try? Milliseconds.of(end, "exp"), outer > inner
    else { return }
    verdict = Verdict(verifies: false, sentence: "it outlives the token that it carries")
  }
}
