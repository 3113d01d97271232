internal import AblyTokens
internal import Testing

@Suite("What must not print")
struct SecrecyTests {
  private func printed(_ value: some Sendable) -> String {
    var text = "\(value)" + String(reflecting: value)
    dump(value, to: &text)
    return text
  }

  @Test("a signer shows no state of its key, from which anybody could sign")
  func signers() throws {
    let key = try APIKey("app.id:secret")
    for text in [printed(TokenRequestSigner(key: key)), printed(AblyJWTSigner(key: key))] {
      #expect(text.contains("app.id"))
      #expect(text.contains("<redacted>"))
      #expect(!text.contains("sha256"))
    }
  }

  @Test("a JWT shows what it says, and nothing to use it with")
  func jwt() throws {
    // {"alg":"HS256","kid":"app.id"} and {"iat":1}, with a signature of 32 zero bytes.
    let header = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFwcC5pZCJ9"
    let token = "\(header).eyJpYXQiOjF9.\(String(repeating: "A", count: 43))"
    let text = printed(try UnverifiedJWT(token))
    #expect(text.contains("app.id"))
    #expect(!text.contains("signature"))
    #expect(!text.contains("signedText"))
    #expect(!text.contains(header))
  }

  @Test("a JWT that carries another token does not show it")
  func embedded() throws {
    func part(_ json: JSONValue) -> String { Base64.url.encode(json.utf8) }
    let tokens = [
      "\(part(["alg": "RS256", "x-ably-token": "innerToken"])).\(part(["exp": 1])).AAAA",
      "\(part(["alg": "RS256"])).\(part(["exp": 1, "x-ably-token": "innerToken"])).AAAA",
    ]
    for token in tokens {
      let text = printed(try UnverifiedJWT(token))
      #expect(text.contains("RS256"))
      #expect(!text.contains("innerToken"))
    }
  }
}
