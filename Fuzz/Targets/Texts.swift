internal import AblyTokens

/// Capability texts and token requests.
enum Texts {
  private static let key = "fuzz.key:secret"
  private static let wide = try? Capability(
    strict: #"{"chat:*":["*"],"*:log":["history"],"[*]*":["publish"]}"#)

  static func readCapability(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try? Capability(parsing: text)
    guard let capability = try? Capability(strict: text), let wide else { return }
    let canonical = capability.canonicalText
    guard let again = try? Capability(strict: canonical) else {
      return expect(false, "a canonical text cannot be read")
    }
    expect(again.canonicalText == canonical, "a canonical text is not its own")
    // Whatever was asked for, nothing is granted that was not there.
    let granted = capability.intersection(wide)
    for name in ["chat:a", "chat:a:b", "x:log", "[meta]log", "a", "*"] {
      for operation in [Capability.Operation.publish, .history, .subscribe]
      where granted.allows(operation, on: name) {
        expect(
          capability.allows(operation, on: name) && wide.allows(operation, on: name),
          "an intersection is wider than its sides")
      }
    }
  }

  static func readTokenRequest(_ bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes), let request = try? TokenRequest(json: json),
      let key = try? APIKey(key)
    else { return }
    guard let again = try? JSONValue(parsing: request.jsonUTF8),
      let reread = try? TokenRequest(json: again)
    else { return expect(false, "a request that is written cannot be read") }
    let signer = TokenRequestSigner(key: key)
    // The seeds are signed by another key.
    expect(!signer.verify(request), "a request verifies that nobody signed")
    expect(!signer.verify(reread), "a request verifies that nobody signed")
    _ = try? TokenWish(json)
  }
}
