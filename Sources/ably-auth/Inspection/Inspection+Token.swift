internal import AblyService
internal import AblyTokens
internal import Foundation

extension Inspection {
  static func inspect(details: TokenDetails, key: APIKey?, now: Date) throws(ErrorInfo) -> Inspection {
    var inspection = Inspection(kind: "TokenDetails")
    inspection.add("keyName", "key name", details.keyName.map(JSONValue.string))
    inspection.add("issued", "issued", details.issued, now: now)
    inspection.add("expires", "expires", details.expires, now: now)
    inspection.add(capability: details.capabilityText)
    inspection.add(clientId: details.clientId)
    let token = try inspect(token: details.token, key: key, now: now)
    inspection.add("token", "token", .string(token.kind))
    inspection.verdict = token.verdict
    inspection.note = token.note
    inspection.embedded = token.embedded
    if inspection.capabilityText == nil { inspection.capabilityText = token.capabilityText }
    return inspection.embedded.isEmpty ? inspection.notingRevocation() : inspection
  }

  static func inspect(opaque token: String, key: APIKey?, now: Date) throws(ErrorInfo) -> Inspection {
    var inspection = Inspection(kind: "Ably token")
    inspection.add("appId", "app", .string(String(token.prefix { $0 != "." })))
    guard let key else {
      inspection.isSealed = true
      inspection.add("contents", "contents", .null, "sealed: only who issued it can read them")
      return inspection
    }
    do {
      let details = try TokenDetails(opening: token, with: key)
      inspection.add("keyName", "key name", details.keyName.map(JSONValue.string))
      inspection.add("issued", "issued", details.issued, now: now)
      inspection.add("expires", "expires", details.expires, now: now)
      inspection.add(capability: details.capabilityText)
      inspection.add(clientId: details.clientId)
      inspection.verdict = Verdict(
        verifies: true, sentence: "a token of the local service, issued with this key and not changed")
    } catch  where error.code == .tokenUnrecognized && TokenDetails.keyName(inOpaque: token) == key.keyName {
      inspection.isSealed = true
      inspection.verdict = Verdict(
        verifies: false,
        sentence:
          "a token of the local service for this key, but it was changed, or the key has another secret")
    } catch {
      inspection.isSealed = true
      if let other = TokenDetails.keyName(inOpaque: token), other != key.keyName {
        inspection.verdict = Verdict(
          verifies: false, sentence: "it names the key \(other), and the key that was given is \(key.keyName)"
        )
        return inspection
      }
      inspection.note =
        "the local service did not issue it with this key, and one that Ably issued can only be read by Ably"
    }
    return inspection
  }

  static func inspect(jwt: UnverifiedJWT, key: APIKey?, now: Date) -> Inspection {
    var inspection = Inspection(kind: "JWT")
    inspection.add(
      "algorithm", "algorithm", jwt.header["alg"], jwt.algorithm == "HS256" ? nil : "Ably takes HS256 only")
    inspection.add(
      "keyName", "key name", jwt.header["kid"], jwt.keyName == nil ? "Ably needs the key's name as kid" : nil)
    if let claims = try? AblyJWT.Claims(json: jwt.payload) {
      inspection.add("issued", "issued", claims.issuedAt, now: now)
      inspection.add("expires", "expires", claims.expires, now: now)
      inspection.add(capability: claims.capabilityText)
      inspection.add(clientId: claims.clientId)
      inspection.add("revocationKey", "revocation key", claims.revocationKey.map(JSONValue.string))
    }
    inspection.add("claims", "all claims", jwt.payload)
    guard let key else { return inspection }
    do {
      _ = try AblyJWTSigner(key: key).verify(jwt, at: now)
      inspection.verdict = Verdict(
        verifies: true, sentence: "the signature and every claim are right under this key",
        signedText: jwt.signedPart)
    } catch {
      inspection.verdict = Verdict(verifies: false, sentence: error.message, signedText: jwt.signedPart)
    }
    return inspection
  }
}
