internal import AblyTokens
internal import AblyWire
internal import Foundation
internal import Testing

@testable internal import AblyService

/// What is kept for peers has an end, however many channels, members and apps they think of.
@Suite struct MemoryTests {
  private static func settings(_ change: (inout RealtimeSettings) -> Void) -> RealtimeSettings {
    var settings = RealtimeSettings()
    change(&settings)
    return settings
  }

  private func address(_ name: String, of app: String = "app") throws -> ChannelAddress {
    ChannelAddress(appId: app, name: try ChannelName(name))
  }

  private func draft(_ bytes: Int = 1000, id: String? = nil) throws -> MessageDraft {
    var json: [String: JSONValue] = ["data": .string(String(repeating: "x", count: bytes))]
    json["id"] = id.map(JSONValue.string)
    return try MessageDraft(.object(json))
  }

  private func page() throws -> HistoryQuery { try HistoryQuery(["limit": "1000"]) }

  @Test("so many members fit as docs/scaling.md says")
  func documentedMembers() throws {
    var draft = try MessageDraft([:])
    draft.clientId = String(repeating: "x", count: 12)
    let identity = MessageIdentity(id: "\(ConnectionKey(random: Randomness.system).connectionId):0:0")
    let member = StoredMessage(draft, identity, serial: "", timestamp: 0, presenceAction: .present)
    let most = RealtimeSettings().maximumMembersBytesOfAll
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/scaling.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains("all together they may take \(most >> 20) MiB there"))
    #expect(text.contains("these are \(most / member.weight / 10_000 * 10) 000 members"))
  }

  @Test("a quiet channel keeps its message while a loud one goes over its own bounds")
  func quiet() throws {
    var store = ChannelStore(node: "node", maximumWeight: 32 << 20)
    _ = store.append([try draft()], to: try address("quiet"), by: "key", base: "q", now: 0)
    for index in 0..<25_000 {
      let time = Int64(index)
      _ = store.append([try draft(10)], to: try address("loud"), by: "key", base: "b\(index)", now: time)
    }
    #expect(try store.history(of: address("quiet"), page()).items.count == 1)
    #expect(try store.history(of: address("loud"), page()).items.count == 1000)
  }

  @Test("channels of long names and empty messages are weighed by their names too")
  func names() throws {
    let maximum = 4 << 20
    var store = ChannelStore(node: "node", maximumWeight: maximum)
    var addresses: [ChannelAddress] = []
    for index in 0..<5000 {
      let address = try address("\(index):" + String(repeating: "x", count: 2000))
      _ = store.append([try draft(0)], to: address, by: "key", base: "b", now: Int64(index))
      addresses.append(address)
    }
    let kept = try addresses.filter { try !store.history(of: $0, page()).items.isEmpty }
    #expect(kept.count * 2000 <= maximum)
    #expect(kept.count > 500)
    store.remove(app: "app")
    // All of it is given back: there is room for as many again.
    for address in addresses.prefix(500) {
      _ = store.append([try draft(0)], to: address, by: "key", base: "b", now: 9000)
    }
    let again = try addresses.prefix(500).filter { try !store.history(of: $0, page()).items.isEmpty }
    #expect(again.count == 500)
  }

  @Test("members take so much memory and no more: those of one connection, and all together")
  func members() async throws {
    let desk = try Desk()
    let core = try ServiceCore(
      keys: [desk.root], clock: { [clock = desk.clock] in clock.date }, random: Randomness.system,
      realtime: Self.settings {
        $0.maximumMembersBytesOfOne = 10_000
        $0.maximumMembersBytesOfAll = 25_000
      })
    func connect() async -> RealtimeDesk {
      let request = ServiceRequest("GET", "/?v=6&key=\(desk.root.key.revealed())")
      let client = RealtimeDesk(desk: desk, connection: await core.connect(request))
      _ = await client.frames()
      return client
    }
    func enter(_ client: RealtimeDesk, _ name: String, _ action: Int = 2) async -> [Int?] {
      let data = JSONValue.string(String(repeating: "x", count: 4000))
      await client.change(action, ["clientId": .string(name), "data": data], in: "a")
      let answers = await client.frames().filter { [.ack, .nack].contains($0.action) }
      return answers.map { $0.error?.code.rawValue }
    }
    var clients: [RealtimeDesk] = []
    for _ in 0..<3 {
      let client = await connect()
      _ = await client.attach("a")
      clients.append(client)
    }
    for client in clients.dropLast() {
      #expect(await enter(client, "one") == [nil])
      #expect(await enter(client, "two") == [nil])
      #expect(await enter(client, "three") == [91003])
      #expect(await enter(client, "two", 4) == [nil], "an update takes no more than what was there")
    }
    #expect(await enter(clients[2], "one") == [nil])
    #expect(await enter(clients[2], "two") == [91003])
    // Those who leave make room, and so do those who are gone.
    #expect(await enter(clients[0], "one", 3) == [nil])
    await clients[1].send(["action": 7])
    _ = await clients[1].frames()
    #expect(await enter(clients[2], "two") == [nil])
    for client in clients { await client.send(["action": 7]) }
    #expect(core.realtime.perform { $0.memberWeight } == 0)
  }

  @Test("where there are too many apps the one that nobody has used for an hour makes room")
  func idleApps() async throws {
    let desk = try Desk()
    var keys: [ServiceKey] = []
    while true {
      let made = await desk.send("POST", "/apps")
      guard made.status == 201 else { break }
      keys.append(try ServiceKey(APIKey(made.body["keys"]?.array?.first?["keyStr"]?.string ?? "")))
    }
    #expect(keys.count == 998)
    let connected = try await desk.connect(keys[0])
    desk.advance(to: 3_599_999)
    #expect(await desk.send("POST", "/apps").refusal == Refusal(429, 42922))
    _ = await desk.history(as: basic(keys[1]))
    _ = try await desk.token(of: keys[2])
    desk.advance(to: 3_600_000)
    for _ in 0..<10 { #expect(await desk.send("POST", "/apps").status == 201) }
    #expect(desk.core.apps.count == 1000)
    for key in keys[...2] { #expect(await desk.history(as: basic(key)).status == 200) }
    #expect(await desk.history(as: basic(desk.stranger)).status == 200)
    #expect(desk.core.apps.idlest(since: .max) != nil)
    #expect(connected.id != "")
  }

  @Test(
    "apps are made for this machine alone, unless anybody or nobody is said", arguments: AppMakers.allCases)
  func makers(makers: AppMakers) async throws {
    let desk = try Desk()
    #expect(desk.core.appMakers == .loopback)
    desk.core.appMakers = makers
    let near = await desk.send("POST", "/apps")
    let far = await desk.send(
      "POST", "/apps", peer: ServiceRequest.Peer(isLoopback: false, isSecure: true))
    let refusal = Refusal(403, 40300)
    #expect(near.refusal == (makers == .nobody ? refusal : Refusal(201, 0)))
    #expect(far.refusal == (makers == .anybody ? Refusal(201, 0) : refusal))
  }

  @Test("the capabilities of an app that a request asks for have an end")
  func capabilities() async throws {
    let names = (0..<1500).map { #""c\#($0)":["*"]"# }.joined(separator: ",")
    let key: JSONValue = ["capability": .string("{\(names)}")]
    let desk = try Desk()
    #expect(await desk.send("POST", "/apps", ["keys": [key, key]]).status == 201)
    #expect(
      await desk.send("POST", "/apps", ["keys": [key, key, key, key]]).refusal == Refusal(400, 40000))
  }
}
