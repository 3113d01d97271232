internal import AblyTokens
internal import Foundation

extension Inspection {
  private static let window: TimeInterval = 120

  static func inspect(request: TokenRequest, key: APIKey?, now: Date) -> Inspection {
    var inspection = Inspection(kind: "TokenRequest")
    inspection.add("keyName", "key name", .string(request.keyName))
    inspection.add("timestamp", "signed at", request.timestamp, now: now)
    let ttl = request.ttl.flatMap { Milliseconds.of($0) }
    if let milliseconds = ttl {
      inspection.add("ttl", "ttl", .number(JSONNumber(milliseconds)), "milliseconds")
      if let flaw = flaw(of: milliseconds) {
        inspection.add("ttlOutOfRange", flaw.label, true, "the service refuses it with 40003: \(flaw.rule)")
      }
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
    // However well it is signed, no service takes it at any time.
    if inspection.verdict?.verifies == true, let flaw = ttl.flatMap(flaw(of:)) {
      inspection.verdict?.verifies = false
      inspection.verdict?.sentence =
        "the MAC is right, but the ttl is \(flaw.label), and the service refuses that with 40003: \(flaw.rule)"
    }
    return inspection
  }

  private static func flaw(of ttl: Int64) -> (label: String, rule: String)? {
    if ttl < 0 {
      return ("below zero", "a token lives for some time, or for 60 minutes where no ttl is asked for")
    }
    guard ttl > TokenLifetime.maximum else { return nil }
    return (
      "too long", "a token lives for 24 hours at most, and for one where the key's tokens can be revoked"
    )
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
