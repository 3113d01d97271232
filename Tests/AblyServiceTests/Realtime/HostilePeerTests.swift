internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct HostilePeerTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  @Test(
    "what is no frame ends the connection with ERROR 40000",
    arguments: [
      "", "nonsense", "[]", "{}", #"{"action":"ten"}"#, #"{"action":10}"#, #"{"action":15,"channel":"a"}"#,
      #"{"action":17}"#, #"{"action":14,"channel":"a","msgSerial":-1}"#, #"{"action":10,"channel":7}"#,
      #"{"action":1e400}"#, String(repeating: "[", count: 100_000),
      #"{"action":17,"auth":{"accessToken":1}}"#,
    ])
  func garbage(text: String) async throws {
    let client = try await desk.connect()
    await client.connection.receive(Array(text.utf8))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40000))
    #expect(desk.core.realtime.perform { $0.sessions.count } == 0)
  }

  @Test("a frame that is larger than it may be ends the connection with ERROR 40009")
  func tooLarge() async throws {
    let client = try await desk.connect()
    await client.connection.receive(Array(repeating: 0x20, count: 524_289))
    #expect(await client.refusal() == RealtimeRefusal(.error, 40009))
  }

  @Test("frames of unknown actions are ignored, or refused where somebody waits for an answer")
  func unknown() async throws {
    let client = try await desk.connect()
    for action in [3, 4, 9, 18, 99, -1] {
      await client.send(["action": .number(JSONNumber(action)), "channel": "a"])
    }
    #expect(await client.frames() == [])
    await client.send(["action": 21, "channel": "a", "msgSerial": 5])
    let answer = await client.frames()
    #expect(answer.map(\.action) == [.nack])
    #expect(answer.first?.msgSerial == 5)
  }

  @Test("a connection attaches 1000 channels and no more, and leaves nothing behind")
  func attaches() async throws {
    let client = try await desk.connect()
    for index in 0..<1001 { await client.send(["action": 10, "channel": .string("c\(index)")]) }
    let frames = await client.frames()
    #expect(frames.count { $0.action == .attached } == 1000)
    #expect(frames.last?.error?.code == .tooManyChannels)
    await client.send(["action": 7])
    #expect(desk.core.realtime.perform { $0.rooms.count } == 0)
  }

  @Test("a client that does not read is cut once too much waits for it, and costs no more than that")
  func slowReader() async throws {
    let client = try await desk.connect()
    _ = await client.attach("a")
    let data = JSONValue.string(String(repeating: "x", count: 60_000))
    for _ in 0..<200 { _ = await desk.publish(["data": data], to: "a", as: basic(desk.root)) }
    await client.connection.waitForCut()
    var count = 0
    await client.connection.forEachOutput { _ in count += 1 }
    #expect(count < 200)
  }

  @Test("frames that come after the end of a connection count for nothing")
  func afterTheEnd() async throws {
    let client = try await desk.connect()
    await client.send(["action": 7])
    await client.publish(["data": "x"])
    #expect(await client.outputs().map(\.action) == [.closed, nil])
    #expect(await desk.history().body.array?.count == 0)
  }

  @Test("mutated frames never bring the service down", arguments: 0..<8)
  func mutated(seed: UInt64) async throws {
    var mutator = Mutator(seed: seed)
    let frames = [
      #"{"action":10,"channel":"a","flags":65536,"params":{"rewind":"2m"},"channelSerial":"x"}"#,
      #"{"action":15,"channel":"a","msgSerial":0,"messages":[{"name":"n","data":{"a":[1]},"id":"x:0"}]}"#,
      #"{"action":14,"channel":"a","msgSerial":1,"presence":[{"action":2,"clientId":"bob","data":"x"}]}"#,
      #"{"action":17,"auth":{"accessToken":"a.b.c"}}"#, #"{"action":16,"channel":"a"}"#,
    ]
    for round in 0..<200 {
      let client = try await desk.connect()
      await client.connection.receive(mutator.mutate(Array(frames[round % frames.count].utf8)))
      _ = await client.outputs()
      client.connection.end()
    }
    #expect(await desk.send("GET", "/time").status == 200)
  }
}
