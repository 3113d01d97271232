internal import AblyTokens
internal import Testing

@Suite("Examples of signing")
struct SigningExamples {
  let apiKey = "demo00.key000:only-for-this-machine"

  @Test("a server signs a token request, and somebody checks it")
  func signing() throws {
    // snippet
    // Once per process and key.
    let signer = TokenRequestSigner(key: try APIKey(apiKey))

    // For each client that asks: who it is and what it may do is for your server to decide.
    let params = TokenParams(
      ttl: .seconds(3600), capability: ["chat:*": [.publish, .subscribe]], clientId: "bob")
    let body = try signer.sign(params).jsonText  // answer with this, as application/json
    // end
    // snippet
    let request = try TokenRequest(json: body)
    guard signer.verify(request) else {
      throw ErrorInfo(.invalidCredentials, "the MAC does not match")
    }
    // end
    #expect(request.clientId == "bob")
    #expect(request.capability == ["chat:*": [.publish, .subscribe]])
  }

  @Test("a server mints a JWT, and somebody checks it")
  func minting() throws {
    var printed: [String] = []
    func print(_ text: String) { printed.append(text) }
    // snippet
    // Once per process and key.
    let signer = AblyJWTSigner(key: try APIKey(apiKey))

    let claims = AblyJWT.Claims(
      ttl: .seconds(600), capability: ["chat:*": [.publish, .subscribe]], clientId: "bob")
    let jwt = try signer.mint(claims)
    let body = jwt.token  // answer with this, as application/jwt
    // end
    // snippet
    for case .headerTooLarge(let bytes) in jwt.warnings {
      print("the Authorization header takes \(bytes) bytes: grant patterns instead of single channels")
    }
    // end
    // snippet
    let verified = try signer.verify(body)
    print(verified.clientId ?? "no identity")  // bob
    // end
    #expect(printed == ["bob"])
  }

  @Test("the TokenRequest that the README inspects has the flaw that the README names")
  func diagnosing() throws {
    let readme = try DocumentationPage(path: "README.md")
    let pasted = try #require(readme.fences.first { $0.language == "json" }).text
    let key = try APIKey(apiKey)
    var printed: [String] = []
    func print(_ value: some Any) { printed.append("\(value)") }
    // snippet
    let request = try TokenRequest(json: pasted)
    let diagnosis = TokenRequestSigner.diagnose(request, with: key)
    if !diagnosis.verifies {
      print(diagnosis.mistakes)  // ["the ttl was signed in seconds but sent in milliseconds"]
      print(diagnosis.signedText ?? "signed with another secret, or changed afterwards")
      print(diagnosis.expectedText)
    }
    // end
    #expect(printed.first == #"["the ttl was signed in seconds but sent in milliseconds"]"#)
    #expect(printed.count == 3)
    let signed = printed.dropFirst().flatMap { $0.split(separator: "\n").map(String.init) }
    for shown in diagnosis.mistakes + signed {
      #expect(readme.text.contains(shown), "the README shows what ably-auth inspect printed")
    }
  }
}
