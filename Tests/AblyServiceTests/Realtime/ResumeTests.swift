internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct ResumeTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func key(of client: RealtimeDesk) -> String {
    desk.core.realtime.perform { $0.session(over: client.connection.transport)?.key.text.text ?? "" }
  }

  private func again(_ key: String, _ parameter: String = "resume") async -> (RealtimeDesk, ProtocolMessage?)
  {
    let client = await desk.dial(
      "key=\(desk.root.key.revealed())&\(parameter)=\(PercentEncoding.component(key))")
    return (client, await client.frames().first)
  }

  @Test(
    "RTN15c6, RTN16d: a connection goes on, and with it each channel, with what was missed",
    arguments: ["resume", "recover"])
  func goesOn(parameter: String) async throws {
    let first = try await desk.connect()
    let (id, key) = (first.id, key(of: first))
    _ = await first.attach("a")
    _ = await desk.publish(["data": "seen"], to: "a", as: basic(desk.root))
    let serial = try #require(await first.frames().first?.channelSerial)
    first.connection.end()
    for index in 0..<120 {
      _ = await desk.publish(["data": .string("\(index)")], to: "a", as: basic(desk.root))
    }
    desk.advance(to: 119_999)
    let (second, connected) = await again(key, parameter)
    #expect(connected?.connectionId == id)
    #expect(connected?.error == nil)
    _ = await desk.publish(["data": "120"], to: "a", as: basic(desk.root))
    #expect(await second.frames() == [])
    let frames = await second.attach("a", serial: serial)
    #expect(frames.first?.action == .attached)
    #expect(frames.first?.flags.contains(.resumed) == true)
    #expect(frames.flatMap(\.messages).map(\.data) == (0...120).map { .string("\($0)") })
    #expect(frames.map(\.action) == [.attached, .message, .message, .message])
    // Attached already, it has been sent everything.
    #expect(await second.attach("a", serial: serial).map(\.action) == [.attached])
  }

  @Test("RTN15c7: a connection that is over, or never was, is replaced by a new one, with the reason")
  func isOver() async throws {
    let first = try await desk.connect()
    let (id, key) = (first.id, key(of: first))
    _ = await first.attach("a")
    let serial = try #require(await first.attach("a").first?.channelSerial)
    first.connection.end()
    desk.advance(to: 120_000)
    let (second, connected) = await again(key)
    #expect(connected?.action == .connected)
    #expect(connected?.connectionId != id)
    #expect(connected?.error?.code.rawValue == 80018)
    #expect(connected?.error?.statusCode == 400)
    #expect(await second.attach("a", serial: serial).first?.flags.contains(.resumed) == false)
  }

  @Test(
    "RTN15c7: a key that is not one is told from one that cannot be read",
    arguments: [("ably-python-fake-key", 80018), ("_____!ablyjs_test_fake-key____", 80018), ("a b", 80008)])
  func notOne(key: String, code: Int) async throws {
    let (_, connected) = await again(key)
    #expect(connected?.action == .connected)
    #expect(connected?.error?.code.rawValue == code)
  }

  @Test("RTN15c7: nobody takes up the connection of another app, or with half a key")
  func others() async throws {
    let first = try await desk.connect()
    let key = key(of: first)
    let stranger = await desk.dial(
      "key=\(desk.stranger.key.revealed())&resume=\(PercentEncoding.component(key))")
    #expect(await stranger.frames().first?.error?.code.rawValue == 80018)
    #expect(await again(String(key.dropLast())).1?.error?.code.rawValue == 80018)
    #expect(await first.outputs() == [])
  }

  @Test("RTN15c5: nobody takes up a connection with another identity")
  func identity() async throws {
    let first = try await desk.connect(nil, "clientId=bob")
    let key = key(of: first)
    let eve = try await desk.token(of: desk.root, TokenParams(clientId: "eve"))
    let client = await desk.dial("accessToken=\(eve.token)&resume=\(PercentEncoding.component(key))")
    #expect(await client.refusal() == RealtimeRefusal(.error, 40102))
    #expect(await first.outputs() == [])
  }

  @Test("a connection that is taken up while its old socket still seems alive leaves the old one")
  func takenOver() async throws {
    let first = try await desk.connect()
    let id = first.id
    let (second, connected) = await again(key(of: first))
    #expect(connected?.connectionId == id)
    #expect(await first.outputs() == [.close])
    first.connection.end()
    desk.advance(to: 120_000)
    #expect(await second.outputs() == [.ping])
  }

  @Test("RTP17i: members stay through a resume")
  func members() async throws {
    let first = try await desk.connect(nil, "clientId=bob")
    let key = key(of: first)
    let serial = try #require(await first.attach("a").first?.channelSerial)
    await first.change(2, in: "a")
    first.connection.end()
    desk.advance(to: 60_000)
    let (second, _) = await again(key)
    let frames = await second.attach("a", serial: serial)
    #expect(frames.map(\.action) == [.attached, .sync])
    desk.advance(to: 300_000)
    let body = await desk.send("GET", "/channels/a/presence", headers: basic(desk.root)).body
    #expect(body.array?.count == 1)
  }

  @Test("RTL18c: what is no longer kept is not passed over: the channel is attached without RESUMED")
  func tooMuch() async throws {
    let first = try await desk.connect()
    let key = key(of: first)
    let serial = try #require(await first.attach("a").first?.channelSerial)
    first.connection.end()
    for _ in 0..<1001 { _ = await desk.publish(["data": "x"], to: "a", as: basic(desk.root)) }
    let (second, _) = await again(key)
    let frames = await second.attach("a", serial: serial)
    #expect(frames.map(\.action) == [.attached])
    #expect(frames.first?.flags.contains(.resumed) == false)
    #expect(frames.first?.error?.code == .channelBacklogTooLarge)
  }

  @Test("RTN15h: after its token has expired a client takes the connection up with another one")
  func afterExpiry() async throws {
    let first = try await desk.connect(
      try await desk.token(of: desk.root, TokenParams(ttl: .seconds(10))))
    let (id, key) = (first.id, key(of: first))
    desk.advance(to: 10_000)
    #expect(await first.refusal() == RealtimeRefusal(.disconnected, 40142))
    let next = try await desk.token(of: desk.root)
    let second = await desk.dial("accessToken=\(next.token)&resume=\(PercentEncoding.component(key))")
    #expect(await second.frames().first?.connectionId == id)
  }
}
