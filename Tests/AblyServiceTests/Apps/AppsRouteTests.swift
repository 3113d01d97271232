internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite("Apps made by requests")
struct AppsRouteTests {
  let desk: Desk

  init() throws { desk = try Desk() }

  func create(_ body: JSONValue?, host: String = "localhost:8080") async -> ServiceResponse {
    await desk.send("POST", "/apps", body, headers: ["host": host])
  }

  @Test("an app has the keys that were asked for, and they work")
  func keys() async throws {
    let response = await create([
      "keys": [
        [:], ["capability": #"{"a":["publish"]}"#],
        ["capability": ["b": ["history"]], "revocableTokens": true],
      ],
      "namespaces": [["id": "persisted"]], "channels": [],
    ])
    #expect(response.status == 201)
    let appId = try #require(response.body["appId"]?.string)
    let keys = try #require(response.body["keys"]?.array)
    #expect(keys.count == 3)
    for key in keys {
      let text = try #require(key["keyStr"]?.string)
      #expect(text == "\(key["keyName"]?.string ?? ""):\(key["keySecret"]?.string ?? "")")
      #expect(key["keyName"]?.string == "\(appId).\(key["id"]?.string ?? "")")
      #expect(key["value"] == key["keySecret"])
      #expect(text.hasPrefix("\(appId)."))
      let token = await desk.exchange(
        try TokenRequestSigner(key: APIKey(text)).sign(TokenParams(), at: desk.clock.date))
      #expect(token.status == 201)
      #expect(token.body["capability"] == key["capability"])
    }
    #expect(
      keys.map { $0["capability"]?.string } == [
        #"{"*":["*"]}"#, #"{"a":["publish"]}"#, #"{"b":["history"]}"#,
      ])
    #expect(keys.map { $0["revocableTokens"] } == [false, false, true])
  }

  static let hosts: [(String, String, Int64)] = [
    ("localhost:8080", "localhost", 8080), ("127.0.0.1", "127.0.0.1", 80), ("[::1]:9", "::1", 9),
    ("[::1]", "::1", 80),
    ("", "", 80), ("a:b", "a", 80),
  ]

  @Test("it says where it is", arguments: hosts)
  func address(host: String, endpoint: String, port: Int64) async {
    desk.core.appMakers = .anybody
    let response = await create(nil, host: host)
    #expect(response.body["endpoint"]?.string == endpoint)
    #expect(response.body["port"]?.number?.int64 == port)
    #expect(response.body["tls"] == false)
    #expect(response.body["keys"]?.array?.count == 1)
  }

  static let malformed: [JSONValue] = [
    ["keys": []], ["keys": [["capability": "x"]]], ["keys": [["capability": [:]]]],
    ["keys": .array(Array(repeating: [:], count: 101))],
  ]

  @Test("what cannot be made is 40000", arguments: malformed)
  func refused(body: JSONValue) async {
    #expect(await create(body).refusal == Refusal(400, 40000))
  }

  @Test("a key that may do little deletes no app")
  func narrowKey() async throws {
    #expect(
      await desk.send("DELETE", "/apps/appOne", headers: basic(desk.chat)).refusal == Refusal(401, 40160))
    #expect(await desk.history(as: basic(desk.root)).status == 200)
    #expect(await desk.send("DELETE", "/apps/appOne", headers: basic(desk.root)).status == 204)
    #expect(await desk.history(as: basic(desk.root)).status == 404)
  }

  @Test("of an app that a request made a key that may do everything deletes it; any, where there is none")
  func narrowKeysOfRequests() async throws {
    func keys(_ wishes: JSONValue) async throws -> (path: String, keys: [ServiceKey]) {
      let made = await create(["keys": wishes])
      let keys = try (made.body["keys"]?.array ?? []).map {
        try ServiceKey(APIKey($0["keyStr"]?.string ?? ""))
      }
      return ("/apps/\(made.body["appId"]?.string ?? "")", keys)
    }
    let narrow: JSONValue = ["capability": #"{"x":["subscribe"]}"#]
    let mixed = try await keys([[:], narrow])
    #expect(
      await desk.send("DELETE", mixed.path, headers: basic(mixed.keys[1])).refusal == Refusal(401, 40160))
    #expect(await desk.send("DELETE", mixed.path, headers: basic(mixed.keys[0])).status == 204)
    let alone = try await keys([narrow])
    #expect(await desk.send("DELETE", alone.path, headers: basic(alone.keys[0])).status == 204)
  }

  @Test("one of its keys deletes it, and then neither key nor token means anything")
  func deletion() async throws {
    let created = await create(nil)
    let appId = created.body["appId"]?.string ?? ""
    let key = try ServiceKey(APIKey(created.body["keys"]?.array?.first?["keyStr"]?.string ?? ""))
    let token = try await desk.token(of: key).token
    #expect(await desk.history("c", as: bearer(token)).status == 200)
    #expect(
      await desk.send("DELETE", "/apps/\(appId)", headers: bearer(token)).refusal == Refusal(401, 40162))
    #expect(
      await desk.send("DELETE", "/apps/\(appId)", headers: basic(desk.root)).refusal == Refusal(404, 40400))
    #expect(await desk.send("DELETE", "/apps/\(appId)", headers: basic(key)).status == 204)
    #expect(await desk.history("c", as: bearer(token)).refusal == Refusal(401, 40143))
    #expect(await desk.history("c", as: basic(key)).refusal == Refusal(404, 40400))
    #expect(await desk.send("DELETE", "/apps/\(appId)", headers: basic(key)).status == 404)
  }

  @Test("there is an end to apps")
  func many() async {
    var status = 201
    var count = 0
    while status == 201, count < 2000 {
      status = await create(nil).status
      count += 1
    }
    #expect(status == 429)
    #expect(count <= 1000)
  }

  @Test("RSP3, RSP4: presence and statistics are empty, for whoever may ask")
  func empty() async throws {
    for path in ["/channels/news/presence", "/channels/news/presence/history", "/stats"] {
      let response = await desk.send("GET", path, headers: basic(desk.chat))
      #expect(response.status == 200)
      #expect(response.body == [])
      #expect(await desk.send("GET", path).refusal == Refusal(401, 40106))
    }
    #expect(
      await desk.send("GET", "/channels/admin/presence", headers: basic(desk.chat)).refusal
        == Refusal(401, 40160))
  }
}
