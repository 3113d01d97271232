internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import Testing

@Suite struct SecretCallersTests {
  @Test(
    "a login that does not verify is a 401",
    arguments: [
      Login.token(secret: "another-secret-another-secret-another"), Login.token(["exp": 1_799_999_999]),
      Login.token(["exp": 1_800_000_000]), Login.token(["exp": .null]), Login.token(["exp": "1800000600"]),
      Login.token(["iss": "https://evil.example"]), Login.token(["iss": .null]),
      Login.token(["aud": "other"]),
      Login.token(["aud": ["a", "b"]]), Login.token(["aud": .null]), Login.token(["nbf": 1_800_000_100]),
      Login.token(["iat": 1_800_000_100]), Login.token(header: ["alg": "none"]),
      Login.token(header: ["alg": "None"]),
      Login.token(header: ["alg": "HS512"]), Login.token(header: ["alg": "RS256"]), Login.token(header: [:]),
      Login.token(header: ["alg": "HS256", "crit": ["b64"]]), "", ".", "..", "a.b.c",
      "eyJhbGciOiJub25lIn0.e30.",
      Login.token() + "A", String(Login.token().dropLast()), Login.token() + ".x",
      String(repeating: "a", count: 20_000),
    ])
  func refused(_ token: String) async throws {
    let answer = try await Desk().ask(token: token)
    #expect(answer.status.code == 401)
    #expect(answer.code == 40100)
    #expect(answer.headerFields[.wwwAuthenticate] != nil)
  }

  @Test("an unsigned token with the algorithm none is a 401, with or without a signature")
  func none() async throws {
    let parts = Login.token(header: ["alg": "none", "typ": "JWT"]).split(separator: ".")
    #expect(try await Desk().ask(token: "\(parts[0]).\(parts[1]).").status.code == 401)
  }

  @Test("an audience may be one of several, and bearer may be written in any case")
  func accepted() async throws {
    let token = Login.token(["aud": ["other", "chat"], "nbf": 1_799_999_000])
    #expect(try await Desk().ask(token: token).status == .ok)
    let answer = try await Desk().ask(token: nil, fields: [.authorization: "bEARER \(token)"])
    #expect(answer.status == .ok)
  }

  @Test("two Authorization fields are a 400, and another scheme is as none")
  func fields() async throws {
    var fields = HTTPFields()
    fields.append(HTTPField(name: .authorization, value: "Bearer \(Login.token())"))
    #expect(try await Desk().ask(fields: fields).status.code == 400)
    #expect(
      try await Desk().ask(token: nil, fields: [.authorization: "Basic Ym9iOmJvYg=="]).status.code == 401)
  }

  @Test("an empty secret is refused")
  func emptySecret() {
    #expect(throws: ErrorInfo.self) { try SecretCallers(secret: "") }
  }
}
