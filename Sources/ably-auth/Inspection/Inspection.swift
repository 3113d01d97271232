internal import AblyService
internal import AblyTokens
internal import Foundation

/// What can be found out about a text that somebody pasted.
struct Inspection {
  /// What it is, such as `TokenRequest`.
  let kind: String

  /// What it says, in order: a machine's name, a person's name, the value.
  var facts: [Fact] = []

  /// Whether the key vouches for it; `nil` without a key, and where no key can tell.
  var verdict: Verdict?

  /// Why there is no verdict, where there could be one.
  var note: String? = "give --key to check it"

  /// What it allows, as JSON text; `nil` where it does not say.
  var capabilityText: String?

  /// Whether its contents could not be read.
  var isSealed = false

  /// The token that it carries, if any: one at most.
  var embedded: [Inspection] = []

  struct Fact {
    let name: String
    let label: String
    let value: JSONValue
    var remark: String?
  }

  struct Verdict {
    var verifies: Bool
    var sentence: String
    var mistakes: [String] = []
    var signedText: String?
    var expectedText: String?
  }

  /// Tells what `text` is, and with the key whether it is genuine.
  ///
  /// - Throws: 40005 for a text that is none of the things it knows; 40000, 40003 or 40144 for one that is
  ///   nearly one.
  static func inspect(_ text: String, key: APIKey?, now: Date = Date()) throws(ErrorInfo) -> Inspection {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.hasPrefix("{") { return try inspect(json: JSONValue(parsing: text), key: key, now: now) }
    if text.hasPrefix("\"") {
      guard let inner = try JSONValue(parsing: text).string else { throw unknown }
      return try inspect(inner, key: key, now: now)
    }
    return try inspect(token: text, key: key, now: now)
  }

  private static func inspect(json: JSONValue, key: APIKey?, now: Date) throws(ErrorInfo) -> Inspection {
    if json["token"] != nil { return try inspect(details: TokenDetails(json: json), key: key, now: now) }
    if json["mac"] != nil || json["nonce"] != nil {
      guard json["mac"]?.string?.isEmpty == false else {
        throw ErrorInfo(
          .badRequest, "the token request has no mac: it was not signed",
          remedy: "Sign it: ably-auth token-request, or TokenRequestSigner in Swift.")
      }
      return try inspect(request: TokenRequest(json: json), key: key, now: now)
    }
    throw unknown
  }

  /// - Parameter envelopes: how many tokens it lies in.
  static func inspect(
    token: String, key: APIKey?, now: Date, inside envelopes: Int = 0
  ) throws(ErrorInfo) -> Inspection {
    if UnverifiedJWT.looksLikeJWT(token) {
      let jwt = try UnverifiedJWT(token)
      return carried(by: jwt) == nil
        ? inspect(jwt: jwt, key: key, now: now).notingRevocation()
        : inspect(envelope: jwt, key: key, now: now, inside: envelopes)
    }
    if let header = encryptedHeader(of: token) {
      return inspect(encrypted: header, key: key, now: now, inside: envelopes)
    }
    let visible = token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard visible, let dot = token.firstIndex(of: "."), dot != token.startIndex else { throw unknown }
    guard !token.contains(":") else {
      var inspection = Inspection(kind: "API key", note: nil)
      let shown = try APIKey(token)
      inspection.add("keyName", "key name", .string(shown.keyName))
      inspection.add(
        "appId", "app", .string(shown.appId), "the secret is not shown; never give a key to a client")
      return inspection
    }
    return try inspect(opaque: token, key: key, now: now).notingRevocation()
  }

  private static let unknown = ErrorInfo(
    .malformedCredential, "this is not a token, a JWT, a TokenRequest, TokenDetails or an API key",
    remedy: "Paste the whole text; quote it for the shell, or give '-' and pipe it in.")

  /// What is found out here says nothing about a revocation, which the service alone knows of.
  func notingRevocation() -> Inspection {
    var inspection = self
    inspection.add(
      "revocation", "revoked", "not checked", "only the service knows, and nothing is sent to it")
    return inspection
  }

  mutating func add(_ name: String, _ label: String, _ value: JSONValue?, _ remark: String? = nil) {
    guard let value else { return }
    facts.append(Fact(name: name, label: label, value: value, remark: remark))
  }

  mutating func add(_ name: String, _ label: String, _ date: Date?, now: Date) {
    guard let date else { return }
    // A date at the end of what milliseconds can hold rounds to one beyond it.
    let milliseconds = try? Milliseconds.of(date, name)
    add(
      name, label, milliseconds.map { .number(JSONNumber($0)) } ?? .null,
      "\(TimeText.of(date)), \(TimeText.distance(from: now, to: date))")
  }

  mutating func add(capability text: String?) {
    capabilityText = text
    add("capability", "capability", text.map(JSONValue.string), text == nil ? nil : Self.flaw(of: text ?? ""))
  }

  mutating func add(clientId: String?) {
    let remark: String? =
      switch clientId {
      case "*": "its holder may take any identity"
      case nil, "": "anonymous: its holder may take no identity"
      default: nil
      }
    add("clientId", "client id", clientId.map(JSONValue.string) ?? .null, remark)
  }

  private static func flaw(of capability: String) -> String? {
    do {
      _ = try Capability(strict: capability)
      return nil
    } catch { return "the service would refuse it: \(error.message)" }
  }
}
