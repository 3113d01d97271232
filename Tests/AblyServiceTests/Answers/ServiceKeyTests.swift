internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite struct ServiceKeyTests {
  @Test("a random key has the shape of Ably's, and no two are equal")
  func random() throws {
    let first = try ServiceKey.random()
    let text = first.key.revealed()
    #expect(text.wholeMatch(of: /[A-Za-z0-9]{6}\.[A-Za-z0-9]{6}:[A-Za-z0-9_-]{43}/) != nil)
    #expect(try ServiceKey.random().key != first.key)
    #expect(first.capabilityText == #"{"*":["*"]}"#)
  }

  @Test(
    "a key that the service cannot hold",
    arguments: ["app:secret", ".key:secret", "app.:secret", "äpp.key:s"])
  func names(_ text: String) {
    #expect(throws: ErrorInfo.self) { try ServiceKey(APIKey(text)) }
  }

  @Test("a capability that the service refuses is 40000", arguments: ["", "{}", "[]", #"{"*":["fly"]}"#])
  func capabilities(_ text: String) throws {
    let key = try APIKey("app.key:secret")
    let error = #expect(throws: ErrorInfo.self) { try ServiceKey(key, capabilityText: text) }
    #expect(error?.code == .badRequest)
  }

  @Test("two keys of one name are refused")
  func twice() throws {
    let keys = try ["app.key:one", "app.key:two"].map { try ServiceKey(APIKey($0)) }
    let error = #expect(throws: ErrorInfo.self) { try ServiceCore(keys: keys) }
    #expect(error?.code == .badRequest)
  }

  @Test("no description shows a secret")
  func redacts() throws {
    let desk = try Desk()
    let request = ServiceRequest(
      "GET", "/time?key=app.key:hidden", headers: ["authorization": "Basic hidden"])
    var dumped = ""
    dump(desk.root, to: &dumped)
    dump(request, to: &dumped)
    dumped += "\(desk.root) \(request) \(String(reflecting: request))"
    #expect(!dumped.contains("rootSecret"))
    #expect(!dumped.contains("hidden"))
  }
}
