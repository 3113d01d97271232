internal import AblyTokens
internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite struct ConnectTests {
  private let desk: Desk

  init() throws { desk = try Desk() }

  @Test(
    "RTN21: CONNECTED says what the connection is, in every version and format that clients speak",
    arguments: ["v=2&format=json", "v=5&format=json", "v=6&format=json", "v=6&format=msgpack", "v=2.0"])
  func connected(query: String) async throws {
    let client = await desk.dial("key=\(desk.root.key.revealed())&\(query)")
    let frame = try #require(await client.frames().first)
    #expect(frame.action == .connected)
    #expect(frame.error == nil)
    let details = try #require(frame.connectionDetails)
    #expect(frame.connectionId?.isEmpty == false)
    #expect(details.connectionKey?.text.hasPrefix("\(frame.connectionId ?? "?")!") == true)
    #expect(details.clientId == "*")
    #expect(details.connectionStateTTL == .seconds(120))
    #expect(details.maxIdleInterval == .seconds(15))
    #expect(details.maxMessageSize == 65536)
    #expect(details.maxFrameSize == 524_288)
    #expect(details.serverId?.isEmpty == false)
  }

  @Test("RTN2d: a client is told the identity that its credentials or its query give it")
  func identity() async throws {
    let bob = try await desk.token(of: desk.root, TokenParams(clientId: "bob"))
    let anyone = try await desk.token(of: desk.root, TokenParams(clientId: "*"))
    let nobody = try await desk.token(of: desk.root)
    let cases: [(String, String?)] = [
      ("accessToken=\(bob.token)", "bob"), ("accessToken=\(bob.token)&clientId=bob", "bob"),
      ("access_token=\(anyone.token)", "*"), ("accessToken=\(anyone.token)&clientId=eve", "eve"),
      ("accessToken=\(nobody.token)", nil), ("key=\(desk.root.key.revealed())&clientId=carol", "carol"),
    ]
    for (query, clientId) in cases {
      let frame = await desk.dial(query).frames().first
      #expect(frame?.action == .connected, "\(query)")
      #expect(frame?.connectionDetails?.clientId == clientId, "\(query)")
    }
  }

  @Test("RTN14a: credentials in the Authorization header count as well")
  func headers() async throws {
    let token = try await desk.token(of: desk.root)
    #expect(await desk.dial("", headers: bearer(token.token)).frames().first?.action == .connected)
    #expect(await desk.dial("", headers: basic(desk.root)).frames().first?.action == .connected)
  }

  @Test(
    "RTN14b, RTN14g: a refusal is an ERROR, or where another token would help a DISCONNECTED; then it closes")
  func refusals() async throws {
    let short = try await desk.token(of: desk.root, TokenParams(ttl: .milliseconds(1)))
    let bob = try await desk.token(of: desk.root, TokenParams(clientId: "bob"))
    desk.clock.advance(by: 1)
    let cases: [(String, RealtimeRefusal)] = [
      ("", RealtimeRefusal(.error, 40106)),
      ("key=appOne.keyRoot:wrong", RealtimeRefusal(.error, 40101)),
      ("key=nonsense", RealtimeRefusal(.error, 40101)),
      ("key=api:key", RealtimeRefusal(.error, 40101)),
      ("key=nowhere.key:secret", RealtimeRefusal(.error, 40400)),
      ("accessToken=\(short.token)", RealtimeRefusal(.disconnected, 40142)),
      ("accessToken=appTwo.\(bob.token.dropFirst(7))", RealtimeRefusal(.disconnected, 40143)),
      ("accessToken=nonsense", RealtimeRefusal(.error, 40101)),
      ("accessToken=\(bob.token)&clientId=eve", RealtimeRefusal(.error, 40102)),
      ("key=\(desk.root.key.revealed())&v=1", RealtimeRefusal(.error, 80024)),
      ("key=%FF", RealtimeRefusal(.error, 40000)),
    ]
    for (query, refusal) in cases { #expect(await desk.dial(query).refusal() == refusal, "\(query)") }
    #expect(desk.core.realtime.perform { $0.sessions.count } == 0)
  }

  @Test("RTN12a: CLOSE is answered with CLOSED, and the connection cannot be taken up again")
  func close() async throws {
    let client = try await desk.connect()
    await client.send(["action": 7])
    #expect(await client.outputs().map(\.action) == [.closed, nil])
    #expect(desk.core.realtime.perform { $0.sessions.count } == 0)
  }

  @Test("RTN13e: a HEARTBEAT comes back with its id")
  func heartbeat() async throws {
    let client = try await desk.connect()
    await client.send(["action": 0, "id": "one"])
    await client.send(["action": 0])
    let frames = await client.frames()
    #expect(frames.map(\.action) == [.heartbeat, .heartbeat])
    #expect(frames.map(\.id) == ["one", nil])
  }

  @Test(
    "RTN23b: silence is broken within maxIdleInterval: by HEARTBEAT where it is asked for, else by a ping")
  func silence() async throws {
    let seeing = try await desk.connect(nil, "heartbeats=true")
    let other = try await desk.connect()
    desk.advance(to: 14_999)
    #expect(desk.core.realtime.perform(\.nextDeadline) == Desk.start + 15_000)
    desk.advance(to: 15_000)
    #expect(await seeing.outputs().map(\.action) == [.heartbeat])
    #expect(await other.outputs() == [.ping])
    desk.advance(to: 29_999)
    #expect(await other.outputs() == [])
    desk.advance(to: 44_999)
    #expect(await other.outputs() == [.ping])
  }
}

extension RealtimeDesk.Output {
  var action: ProtocolAction? { if case .frame(let message) = self { message.action } else { nil } }
}
