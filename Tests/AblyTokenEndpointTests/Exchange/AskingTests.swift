internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import Testing

@Suite struct AskingTests {
  @Test("what is asked for narrows the grant, in a query, a form and JSON")
  func narrowed() async throws {
    let desk = try Desk()
    let capability = "%7B%22chat%3Alobby%22%3A%5B%22publish%22%2C%22presence%22%5D%7D"
    let form = "clientId=bob&capability=\(capability)&ttl=60000&deviceId=7"
    let json =
      #"{"clientId":"bob","capability":{"chat:lobby":["publish","presence"]},"ttl":60000,"deviceId":7,"x":null}"#
    let answers = [
      await desk.ask(form),
      await desk.ask(
        method: .post, fields: [.contentType: "application/x-www-form-urlencoded; charset=utf-8"], body: form),
      await desk.ask(method: .post, fields: [.contentType: "application/json"], body: json),
      await desk.ask("ttl=60000", method: .post, body: "clientId=bob&capability=\(capability)"),
    ]
    for answer in answers {
      #expect(answer.tokenRequest?.capabilityText == #"{"chat:lobby":["publish"]}"#)
      #expect(answer.tokenRequest?.ttl == .seconds(60))
      #expect(answer.tokenRequest?.clientId == "bob")
    }
  }

  @Test("a longer ttl is not given, and empty parameters count as absent")
  func neverWider() async throws {
    let desk = try Desk()
    #expect(await desk.ask("ttl=86400000").tokenRequest?.ttl == .seconds(3600))
    let wide = await desk.ask("capability=%7B%22%2A%22%3A%5B%22%2A%22%5D%7D")
    #expect(wide.tokenRequest?.capabilityText == #"{"chat:*":["publish","subscribe"],"news":["subscribe"]}"#)
    #expect(await desk.ask("clientId=&capability=&ttl=").tokenRequest?.clientId == "bob")
  }

  @Test(
    "another identity, and a capability of which nothing is left, are a 403",
    arguments: [
      "clientId=ann", "clientId=*", "clientId=BOB", "clientId=bob%20",
      "capability=%7B%22other%22%3A%5B%22publish%22%5D%7D",
      "capability=%7B%22news%22%3A%5B%22publish%22%5D%7D",
      "capability=%7B%7D",
    ])
  func forbidden(_ query: String) async throws {
    let answer = try await Desk().ask(query)
    #expect(answer.status.code == 403)
    #expect(answer.code == 40300)
  }

  @Test(
    "what cannot be read, or says two things, is a 400",
    arguments: [
      "clientId=bob&clientId=bob", "clientId=bob&clientId=ann", "ttl=1&ttl=2", "capability=a&capability=b",
      "ttl=0", "ttl=-1", "ttl=1.5", "ttl=1h", "ttl=99999999999999999999", "capability=x", "capability=%7B",
      "capability=%7B%22a%22%3A%5B%22fly%22%5D%7D", "capability=%7B%22a%22%3A%22publish%22%7D",
      "clientId=%ff",
      "clientId=%4", "clientId=a%0Ab", "clientId=bob&%63lientId=bob",
    ])
  func malformed(_ query: String) async throws {
    let answer = try await Desk().ask(query)
    #expect(answer.status.code == 400)
    #expect(answer.code == 40000)
  }

  @Test("a parameter may not stand in the query and in the body")
  func conflict() async throws {
    let answer = try await Desk().ask("clientId=bob", method: .post, body: "clientId=bob")
    #expect(answer.status.code == 400)
  }

  @Test(
    "a body that is no form and no JSON is a 400",
    arguments: [
      ("application/json", "{"), ("application/json", "[]"),
      ("application/json", #"{"clientId":"a","clientId":"b"}"#),
      ("application/json", #"{"clientId":7.5e}"#), ("application/json", #"{"clientId":["bob"]}"#),
      ("application/json", #"{"ttl":{}}"#), ("application/json", #"{"capability":["a"]}"#),
      ("text/xml", "<a/>"),
      ("application/x-msgpack", "\u{80}"),
    ])
  func bodies(_ type: String, _ body: String) async throws {
    let answer = try await Desk().ask(method: .post, fields: [.contentType: type], body: body)
    #expect(answer.status.code == 400)
  }

  @Test("bodies and numbers of parameters are bounded")
  func bounded() async throws {
    let large = String(repeating: "a", count: EndpointRequest.maximumBodyBytes + 1)
    #expect(try await Desk().ask(method: .post, body: large).status.code == 413)
    let many = (0..<200).map { "p\($0)=1" }.joined(separator: "&")
    #expect(try await Desk().ask(many).status.code == 400)
  }

  @Test("a capability of many resources is refused, asked for or granted of two lists that multiply")
  func manyResources() async throws {
    func asked(_ count: Int, _ name: (Int) -> String) -> String {
      "{" + (0..<count).map { "\"\(name($0))\":[\"publish\"]" }.joined(separator: ",") + "}"
    }
    func body(_ capability: String) -> String {
      JSONValue.object(["capability": .string(capability)]).text
    }
    let fields: HTTPFields = [.contentType: "application/json"]
    let desk = try Desk()
    let few = await desk.ask(method: .post, fields: fields, body: body(asked(100) { "chat:\($0)" }))
    #expect(few.status == .ok)
    let many = await desk.ask(method: .post, fields: fields, body: body(asked(101) { "chat:\($0)" }))
    #expect(many.status.code == 400)
    #expect(many.code == 40000)
    let granted = (0..<100).map { (Capability.Resource("a\($0):*"), Set([Capability.Operation.publish])) }
    let wide = Capability(Dictionary(uniqueKeysWithValues: granted))
    let policy = ClosurePolicy { _, _ in .grant(TokenGrant(clientId: nil, capability: wide)) }
    let multiplied = await (try Desk(policy: policy)).ask(
      method: .post, fields: fields, body: body(asked(100) { "*:b\($0)" }))
    #expect(multiplied.status.code == 403)
    #expect(multiplied.code == 40300)
  }

  @Test("parameters of one's own reach the policy")
  func others() async throws {
    let policy = ClosurePolicy { _, wish in .refuse(wish.parameters["room"] ?? "none") }
    #expect(try await Desk(policy: policy).ask("room=a%20b&room=c").json["error"]?["message"] == "a b")
  }

  @Test("a stated origin may read the answer and is told so beforehand; no other is")
  func origins() async throws {
    let desk = try Desk(origins: ["https://app.example"])
    let mine = await desk.ask(fields: [.origin: "https://app.example"])
    #expect(mine.headerFields[.accessControlAllowOrigin] == "https://app.example")
    #expect(mine.headerFields[.vary] == "Origin")
    let refused = await desk.ask(token: nil, fields: [.origin: "https://app.example"])
    #expect(refused.headerFields[.accessControlAllowOrigin] == "https://app.example")
    for other in ["https://app.example.evil", "http://app.example", "null", "https://APP.example"] {
      let theirs = await desk.ask(fields: [.origin: other])
      #expect(theirs.headerFields[.accessControlAllowOrigin] == nil)
    }
    let asked = await desk.ask(
      method: .options, token: nil,
      fields: [.accessControlRequestMethod: "GET", .origin: "https://app.example"])
    #expect(asked.status.code == 204)
    #expect(asked.headerFields[.accessControlAllowHeaders]?.contains("Authorization") == true)
    let strange = await desk.ask(
      method: .options, token: nil,
      fields: [.accessControlRequestMethod: "GET", .origin: "https://evil.example"])
    #expect(strange.headerFields[.accessControlAllowOrigin] == nil)
    #expect(
      try await Desk().ask(fields: [.origin: "https://app.example"]).headerFields[.accessControlAllowOrigin]
        == nil)
  }

  @Test(
    "what no browser sends as an origin is refused",
    arguments: ["*", "app.example", "https://app.example/", "https://a b", ""])
  func badOrigins(_ origin: String) {
    #expect(throws: ErrorInfo.self) { try Desk(origins: [origin]) }
  }
}
