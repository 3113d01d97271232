internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyService

@Suite("Members that an app has from its beginning", .endsAtLast)
struct PresenceFixtureTests {
  let desk: Desk

  init() throws { desk = try Desk() }

  private static let members: JSONValue = [
    ["clientId": "ann", "data": "24"], ["clientId": "bob", "data": #"{"a":1}"#, "encoding": "json"],
    ["clientId": "eve", "id": "mine", "extras": ["headers": ["x": 1]]],
  ]

  private func create(_ channels: JSONValue) async -> ServiceResponse {
    await desk.send("POST", "/apps", ["channels": channels])
  }

  private func key(of response: ServiceResponse) throws -> ServiceKey {
    try ServiceKey(APIKey(response.body["keys"]?.array?.first?["keyStr"]?.string ?? ""))
  }

  @Test("RSP3, RSP4: who asks for the members gets them, and the history of their coming")
  func read() async throws {
    let response = await create([
      ["name": "persisted:a", "presence": Self.members], ["name": "empty"],
      ["name": "none", "presence": .null],
    ])
    #expect(response.status == 201)
    let key = try key(of: response)
    func get(_ path: String) async -> [JSONValue] {
      await desk.send("GET", "/channels/persisted:a/\(path)", headers: basic(key)).body.array ?? []
    }
    let present = await get("presence")
    #expect(present.map { $0["clientId"] } == ["ann", "bob", "eve"])
    #expect(present.map { $0["data"] } == ["24", #"{"a":1}"#, nil])
    #expect(present.map { $0["encoding"] } == [nil, "json", nil])
    #expect(present.allSatisfy { $0["action"]?.number?.int64 == 1 })
    let connections = Set(present.map { $0["connectionId"]?.string ?? "" })
    #expect(connections.count == 1)
    let id = try #require(connections.first)
    #expect(!id.isEmpty)
    #expect(present.map { $0["id"]?.string } == (0..<3).map { "\(id):0:\($0)" })
    let history = await get("presence/history")
    #expect(history.map { $0["clientId"] } == ["eve", "bob", "ann"])
    #expect(history.allSatisfy { $0["action"]?.number?.int64 == 2 })
  }

  @Test("RTP18: a realtime client is told of them when it attaches")
  func sync() async throws {
    let key = try key(of: await create([["name": "a", "presence": Self.members]]))
    let client = ClusterClient(
      await desk.core.connect(ServiceRequest("GET", "/?v=6&key=\(key.key.revealed())")))
    _ = try await client.next(.connected)
    #expect(try await client.attach().flags.contains(.hasPresence))
    #expect(try await client.next(.sync).presence.map(\.clientId) == ["ann", "bob", "eve"])
  }

  @Test("one of two with one clientId is the later")
  func twice() async throws {
    let key = try key(
      of: await create([
        ["name": "a", "presence": [["clientId": "ann", "data": "1"], ["clientId": "ann", "data": "2"]]]
      ]))
    let present = await desk.send("GET", "/channels/a/presence", headers: basic(key)).body.array
    #expect(present?.map { $0["data"] } == ["2"])
  }

  @Test("they are gone with their app, and nothing of them is left")
  func deleted() async throws {
    let key = try key(of: await create([["name": "a", "presence": Self.members]]))
    #expect(desk.core.realtime.perform { $0.memberWeight } > 0)
    #expect(await desk.send("DELETE", "/apps/\(key.key.appId)", headers: basic(key)).status == 204)
    #expect(desk.core.realtime.perform { $0.memberWeight } == 0)
    #expect(desk.core.realtime.perform { $0.rooms.isEmpty })
  }

  static let malformed: [(JSONValue, Refusal)] = [
    (["a": 1], Refusal(400, 40000)), (["a"], Refusal(400, 40000)),
    ([["name": "a", "presence": "ann"]], Refusal(400, 40000)),
    ([["name": "a", "presence": ["ann"]]], Refusal(400, 40000)),
    ([["presence": [["clientId": "ann"]]]], Refusal(400, 40000)),
    ([["name": "", "presence": [["clientId": "ann"]]]], Refusal(400, 40010)),
    ([["name": "a", "presence": [["data": "x"]]]], Refusal(400, 91000)),
    ([["name": "a", "presence": [["clientId": "*"]]]], Refusal(400, 40012)),
    ([["name": "a", "presence": [["clientId": "ann", "data": 1]]]], Refusal(400, 40013)),
    (
      [["name": "a", "presence": .array(Array(repeating: ["clientId": "ann"], count: 1001))]],
      Refusal(400, 40000)
    ),
  ]

  @Test("what cannot be members is refused, and there is no app", arguments: malformed)
  func refused(channels: JSONValue, refusal: Refusal) async {
    let before = desk.core.apps.count
    #expect(await create(channels).refusal == refusal)
    #expect(desk.core.apps.count == before)
  }

  @Test("where all members take too much memory there is no app")
  func noRoom() async {
    desk.core.realtime.perform { $0.memberWeight = $0.settings.maximumMembersBytesOfAll }
    let before = desk.core.apps.count
    #expect(await create([["name": "a", "presence": Self.members]]).refusal == Refusal(400, 91003))
    #expect(desk.core.apps.count == before)
  }

  @Test("nodes tell each other of them, and of their end")
  func nodes() async throws {
    try await ClusterDesk.use(2) { cluster in
      let response = await cluster.send(
        "POST", "/apps", ["channels": [["name": "a", "presence": Self.members]]], on: 0)
      let key = try key(of: response)
      func count(_ node: Int) async -> Int? {
        await cluster.send("GET", "/channels/a/presence", as: key, on: node).body.array?.count
      }
      for node in 0..<2 { try await until(await count(node) == 3) }
      #expect(await cluster.send("DELETE", "/apps/\(key.key.appId)", as: key, on: 0).status == 204)
      for node in 0..<2 {
        try await until(cluster.nodes[node].realtime.perform { $0.memberWeight == 0 && $0.rooms.isEmpty })
      }
    }
  }
}
