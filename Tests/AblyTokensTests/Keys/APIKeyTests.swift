import AblyTokens
import Testing

@Suite struct APIKeyTests {
  @Test(
    "RSA11: split at the first colon",
    arguments: [
      ("app.key:secret", "app.key", "app"), ("app.key:se:cr:et", "app.key", "app"), ("k:s", "k", "k"),
      ("app.key:Zoë==", "app.key", "app"),
    ])
  func split(_ text: String, _ name: String, _ appId: String) throws {
    let key = try APIKey(text)
    #expect(key.keyName == name)
    #expect(key.appId == appId)
    #expect(key.revealed() == text)
  }

  @Test(
    "a malformed key is refused with the official clients' code and without being echoed",
    arguments: [
      "", "app.key", ":", "app.key:", ":secret", " app.key:secret", "app.key:secret\n", "app.key:sec ret",
      "app.key:sec\tret", "app\u{0}.key:secret", "app.key:secret\u{7F}",
    ])
  func malformed(_ text: String) {
    let error = #expect(throws: ErrorInfo.self) { try APIKey(text) }
    #expect(error?.code == 40400)
    #expect(error?.statusCode == 404)
    #expect(error.map { "\($0) \($0.remedy ?? "")" }?.contains("secret\n") == false)
    #expect(error?.remedy?.isEmpty == false)
  }

  @Test func fromParts() throws {
    #expect(try APIKey(keyName: "a.k", keySecret: "s:t") == APIKey("a.k:s:t"))
    #expect(throws: ErrorInfo.self) { try APIKey(keyName: "a:b", keySecret: "s") }
  }

  @Test("a secret never prints")
  func redaction() throws {
    let key = try APIKey("app.key:swordfish")
    var dumped = ""
    dump(["key": key], to: &dumped)
    let texts = ["\(key)", String(reflecting: key), dumped, "\(Optional(key) as Any)", "\([key])"]
    for text in texts {
      #expect(!text.contains("swordfish"))
      #expect(text.contains("app.key"))
    }
    for signer in [
      String(reflecting: TokenRequestSigner(key: key)), String(reflecting: AblyJWTSigner(key: key)),
    ] {
      #expect(!signer.contains("swordfish"))
    }
  }

  @Test func equality() throws {
    #expect(try APIKey("a.k:secret") == APIKey("a.k:secret"))
    #expect(try APIKey("a.k:secret") != APIKey("a.k:secreT"))
    #expect(try APIKey("a.k:secret") != APIKey("a.k:secret2"))
    #expect(try APIKey("a.k:secret") != APIKey("a.j:secret"))
    #expect(try Set([APIKey("a.k:secret"), APIKey("a.k:secret"), APIKey("a.k:other")]).count == 2)
  }
}
