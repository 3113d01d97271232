internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct SecrecyTests {
  private func printed(_ value: Any) -> String {
    var text = "\(value) \(String(reflecting: value)) "
    dump(value, to: &text)
    return text
  }

  @Test("no type of the service shows a secret or a token, however it is printed")
  func types() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(clientId: "bob")).token
    let outer = OuterToken(expires: Desk.start / 1000 + 60).withHeader("x-ably-token", .string(token))
    let requests = [
      ServiceRequest("GET", "/x?key=appOne.keyRoot:rootSecret"),
      ServiceRequest("GET", "/x?accessToken=\(token)"),
      ServiceRequest("POST", "/x", headers: basic(desk.root), body: Array(token.utf8)),
      ServiceRequest("GET", "/x", headers: bearer(token)),
    ]
    let verifier = TokenVerifier(apps: desk.core.apps, revocations: RevocationIndex())
    desk.core.expire(token)
    var values: [Any] = [
      desk.core, desk.core.apps, desk.core.authenticator, desk.root, IssuingKey(desk.root), verifier,
      TokenAuthority(key: IssuingKey(desk.root), now: 0), desk.core.ended, desk.core.metrics,
      try verifier.principal(bearing: Secret(token), at: Desk.start),
      try TokenForm(Secret(token)), try TokenForm(Secret(outer.signed)),
      try TokenForm(Secret(outer.encrypted)), try UnverifiedJWT(outer.signed),
      HTTPFront(core: desk.core, isSecure: false, logger: .silent, errands: Errands()),
      try AblyServer(core: desk.core, logger: .silent),
    ]
    values += requests as [Any]
    values += try requests.filter { $0.method == "GET" }.map { try Credentials(of: $0) } as [Any]
    let inner = token.drop { $0 != "." }.dropFirst()
    for value in values {
      let text = printed(value)
      for secret in ["rootSecret", "chatSecret", "revocableSecret", "otherSecret", String(inner)] {
        #expect(!text.contains(secret), "\(type(of: value))")
      }
    }
  }

  @Test(
    "a key that is written into the path is not shown, but for its name",
    arguments: ["appOne.keyRoot:rootSecret", "appOne.keyRoot%3ArootSecret", "appOne.keyRoot%3arootSecret"])
  func keyInPath(key: String) async throws {
    let desk = try Desk()
    desk.core.enableAdministration()
    let request = ServiceRequest("POST", "/keys/\(key)/requestToken")
    let response = await desk.core.respond(to: request)
    #expect(response.status == 401)
    #expect(request.description == "POST /keys/appOne.keyRoot:…/requestToken")
    #expect(!response.body.text.contains("rootSecret"))
    let events = await desk.send("GET", "/admin/events")
    #expect(events.body.text.contains("/keys/appOne.keyRoot:"))
    #expect(!events.body.text.contains("rootSecret"))
    #expect(ServiceRequest("GET", "/channels/a:b/messages").description == "GET /channels/a:b/messages")
    #expect(ServiceRequest("GET", "/keys/a.b/requestToken").description == "GET /keys/a.b/requestToken")
  }

  @Test("no refusal shows the secret or the token that was refused")
  func refusals() async throws {
    let desk = try Desk()
    let token = try await desk.token(of: desk.root, TokenParams(ttl: .zero)).token
    let outer = OuterToken(expires: Desk.start / 1000 + 60).withHeader("x-ably-token", .string(token))
    let request = HandSignedRequest(secret: "wrongSecret", timestamp: .number(JSONNumber(Desk.start)))
      .signed
    let answers = [
      await desk.history(as: bearer(token)), await desk.history(as: bearer(outer.signed)),
      await desk.history(as: bearer(outer.encrypted)), await desk.history(as: bearer("\(token)x")),
      await desk.send("GET", "/channels/x/messages?key=appOne.keyRoot:wrongSecret"),
      await desk.exchange(request, keyName: "appOne.keyRoot"),
      await desk.exchange(request, keyName: "appOne.keyChat"),
    ]
    let secrets = ["wrongSecret", "rootSecret", token, try #require(request["mac"]?.string)]
    for answer in answers {
      #expect(answer.status == 401)
      let text = "\(answer.body) \(answer.headers)"
      for secret in secrets { #expect(!text.contains(secret)) }
    }
  }
}
