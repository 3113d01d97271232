internal import AblyTokens
internal import Foundation

extension Inspection {
  private static let window: TimeInterval = 120

  static func inspect(request: TokenRequest, key: APIKey?, now: Date) -> Inspection {
    var inspection = Inspection(kind: "TokenRequest")
    inspection.add("keyName", "key name", .string(request.keyName))
    inspection.add("timestamp", "signed at", request.timestamp, now: now)
    if let ttl = request.ttl?.components {
      let milliseconds = ttl.seconds * 1000 + ttl.attoseconds / 1_000_000_000_000_000
      inspection.add("ttl", "ttl", .number(JSONNumber(milliseconds)), "milliseconds")
    } else {
      inspection.add("ttl", "ttl", .null, "absent: the service gives 60 minutes")
    }
    inspection.add(capability: request.capabilityText)
    if request.capabilityText == nil {
      inspection.add("capability", "capability", .null, "absent: all that the key may do")
    }
    inspection.add(clientId: request.clientId)
    inspection.add("nonce", "nonce", .string(request.nonce), "usable once")
    let age = now.timeIntervalSince(request.timestamp)
    if abs(age) > window {
      inspection.add(
        "outsideWindow", age > 0 ? "too late" : "too early", true,
        "the service refuses it with 40104: it must be exchanged within two minutes of its timestamp")
    }
    guard let key else { return inspection }
    inspection.verdict = verdict(
      TokenRequestSigner.diagnose(request, with: key),
      otherKey: request.keyName == key.keyName ? nil : key.keyName)
    return inspection
  }

  /// - Parameter otherKey: the key that was given, where the request names another.
  private static func verdict(_ diagnosis: TokenRequestDiagnosis, otherKey: String?) -> Verdict {
    let sentence =
      if diagnosis.verifies {
        "the MAC is right: this key signed exactly these values"
      } else if diagnosis.secretIsRight {
        "the MAC is wrong, but it comes from this key's secret: \(diagnosis.mistakes.joined(separator: "; "))"
      } else if let otherKey {
        "the request names another key than the one that was given, \(otherKey): give the key that it names"
      } else {
        "the MAC is wrong, and no known mistake with this key's secret leads to it: it was signed with another "
          + "secret, or a value was changed after signing"
      }
    return Verdict(
      verifies: diagnosis.verifies, sentence: sentence, mistakes: diagnosis.mistakes,
      signedText: diagnosis.signedText, expectedText: diagnosis.expectedText)
  }
}
