internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

/// What clients attach outlives their sockets for two minutes, and has an end all the same.
@Suite struct AttachmentMemoryTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func core(_ change: (inout RealtimeSettings) -> Void) throws -> ServiceCore {
    var settings = RealtimeSettings()
    change(&settings)
    return try ServiceCore(
      keys: [desk.root], clock: { [clock = desk.clock] in clock.date }, random: Randomness.system,
      realtime: settings)
  }

  private func connect(_ core: ServiceCore, resuming key: String? = nil) async -> RealtimeDesk {
    let resume = key.map { "&resume=\(PercentEncoding.component($0))" } ?? ""
    let request = ServiceRequest("GET", "/?v=6&key=\(desk.root.key.revealed())\(resume)")
    let client = RealtimeDesk(desk: desk, connection: await core.connect(request))
    #expect(await client.frames().map(\.action) == [.connected])
    return client
  }

  private func key(of client: RealtimeDesk, _ core: ServiceCore) -> String {
    core.realtime.perform { $0.session(over: client.connection.transport)?.key.text.text ?? "" }
  }

  private func id(of client: RealtimeDesk, _ core: ServiceCore) -> String {
    core.realtime.perform { $0.session(over: client.connection.transport)?.id ?? "" }
  }

  /// Attaches a channel of a name of 1000 bytes.
  private func attach(_ client: RealtimeDesk, _ number: Int) async -> Int? {
    let name = "\(number)" + String(repeating: "x", count: 999)
    return await client.attach(name).first?.error?.code.rawValue
  }

  @Test("RTL4: the channels of one connection, and of all together, take so much memory and no more")
  func weights() async throws {
    let core = try core {
      $0.maximumAttachmentBytesOfOne = 6000
      $0.maximumAttachmentBytesOfAll = 9000
    }
    let (one, two) = (await connect(core), await connect(core))
    #expect(await attach(one, 1) == nil)
    #expect(await attach(one, 2) == nil)
    #expect(await attach(one, 3) == 90010)
    #expect(await attach(one, 2) == nil, "attached already")
    #expect(await attach(two, 1) == nil)
    #expect(await attach(two, 2) == 90010)
    await one.send(["action": 12, "channel": .string("1" + String(repeating: "x", count: 999))])
    #expect(await one.frames().map(\.action) == [.detached])
    #expect(await attach(two, 2) == nil)
    for client in [one, two] { await client.send(["action": 7]) }
    #expect(core.realtime.perform { [$0.attachmentWeight, $0.waitingWeight] } == [0, 0])
  }

  @Test(
    "where too many wait, or too much, those end that have waited for the longest time",
    arguments: [true, false])
  func oldest(byCount: Bool) async throws {
    let core = try core { if byCount { $0.maximumWaiting = 2 } else { $0.maximumWaitingBytes = 6000 } }
    var (clients, keys): ([RealtimeDesk], [String]) = ([], [])
    for _ in 0..<4 {
      let client = await connect(core)
      #expect(await attach(client, 1) == nil)
      keys.append(key(of: client, core))
      clients.append(client)
      desk.clock.advance(by: 1)
    }
    let ids = clients.map { id(of: $0, core) }
    for client in clients.prefix(2) { client.connection.end() }
    // Whoever comes back, and leaves again, has left later.
    let back = await connect(core, resuming: keys[0])
    #expect(id(of: back, core) == ids[0])
    #expect(core.realtime.perform { $0.waitingWeight } == 2512)
    desk.clock.advance(by: 1)
    back.connection.end()
    clients[2].connection.end()
    let left = core.realtime.perform { Set($0.sessions.keys) }
    #expect(left == [ids[0], ids[2], ids[3]])
    clients[3].connection.end()
    #expect(core.realtime.perform { Set($0.sessions.keys) } == [ids[2], ids[3]])
    desk.clock.advance(by: 120_000)
    core.carryOutWhatIsDue()
    #expect(
      core.realtime.perform { [$0.sessions.count, $0.attachmentWeight, $0.waitingWeight] } == [0, 0, 0])
  }

  @Test("who comes back over and over leaves nothing behind")
  func comings() async throws {
    let core = try core { _ in }
    var client = await connect(core)
    for _ in 0..<3000 {
      let key = key(of: client, core)
      client.connection.end()
      desk.clock.advance(by: 1)
      client = await connect(core, resuming: key)
    }
    #expect(core.realtime.perform { $0.waiting.count } < 1100)
  }
}
