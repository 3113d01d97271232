internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Over sockets: connect, close and authorize in each state", .endsAtLast)
struct StatesTests {
  private static let refusal = FaultInjector.Plan.refuse(.failed(HTTPFailure(.tls, "")))

  /// A client of a service, on a clock that stands still.
  private struct Scene {
    let desk: LoopbackDesk
    let client: RealtimeClient
    let faults: FaultInjector
    let clock: ManualClock

    var connection: Connection { client.connection }

    /// Lets every attempt fail until the connection waits in this state.
    func wait(in state: ConnectionState, after trouble: () -> Void = {}) async throws {
      for _ in 0..<100 { faults.plan(StatesTests.refusal) }
      let events = connection.events
      trouble()
      client.connect()
      for await change in events {
        if change.current == state, change.retryIn != .zero { break }
        if change.current == .disconnected { clock.advance(by: change.retryIn ?? .zero) }
      }
      #expect(connection.state == state)
      faults.forgetPlans()
    }
  }

  private func run(
    _ adjust: (inout ClientOptions) throws -> Void = { _ in }, tokens: Bool = false,
    _ body: (Scene) async throws -> Void
  ) async throws {
    try await LoopbackDesk.open { desk in
      let options = tokens ? try desk.tokenOptions(nil, adjust) : try desk.options(adjust)
      let (faults, clock) = (FaultInjector(), ManualClock(Date()))
      let client = try RealtimeClient(
        options: options, transport: faults, httpTransport: nil,
        surroundings: Surroundings(clock: clock.hostClock, jitter: { 1 }))
      try await client.running {
        try await body(Scene(desk: desk, client: client, faults: faults, clock: clock))
        for socket in faults.sockets { socket.forgive() }
      }
    }
  }

  @Test(
    "RTC8c, RTC8b1: authorize makes the connection, from DISCONNECTED, SUSPENDED, CLOSED and FAILED",
    arguments: [ConnectionState.disconnected, .suspended, .closed, .failed])
  func authorize(from state: ConnectionState) async throws {
    try await run({ $0.autoConnect = false }, tokens: true) { scene in
      switch state {
      case .closed:
        scene.client.connect()
        try await scene.connection.whenState(.connected)
        scene.client.close()
        try await scene.connection.whenState(.closed)
      case .failed:
        scene.client.connect()
        try await scene.connection.whenState(.connected)
        scene.faults.sockets[0].inject(["action": 9, "error": ["code": 40400, "statusCode": 404]])
        try await scene.connection.whenState(.failed)
      default: try await scene.wait(in: state)
      }
      let before = scene.client.auth.tokenDetails?.token
      let token = try await scene.client.auth.authorize().token
      #expect(token != before)
      #expect(scene.connection.state == .connected)
      let used = PercentEncoding.form([(name: "accessToken", value: token)])
      #expect(scene.faults.sockets.last?.request.target.contains(used) == true)
    }
  }

  @Test("RTN11b: connect while CLOSING makes another connection")
  func connectWhileClosing() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let id = scene.connection.id
      scene.faults.sockets[0].mute()
      scene.client.close()
      #expect(scene.connection.state == .closing)
      scene.client.connect()
      try await scene.connection.whenState(.connected)
      #expect(scene.connection.id != nil && scene.connection.id != id)
      #expect(scene.faults.sockets.count == 2)
    }
  }

  @Test(
    "RTN11c, RTN12d: between two attempts connect begins one, and close ends it all",
    arguments: [ConnectionState.disconnected, .suspended])
  func whileWaiting(state: ConnectionState) async throws {
    try await run({ $0.autoConnect = false }) { scene in
      try await scene.wait(in: state)
      scene.client.close()
      #expect(scene.connection.state == .closed)
      try await scene.wait(in: state)
      scene.client.connect()
      try await scene.connection.whenState(.connected)
    }
  }

  @Test("RTN11d: connect after FAILED begins anew, and the channels with it")
  func connectAfterFailure() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let channel = scene.client.channels["a"]
      try await channel.attach()
      try await channel.publish(name: "one", data: nil)
      scene.faults.sockets[0].inject(["action": 9, "error": ["code": 40400, "statusCode": 404]])
      try await channel.whenState(.failed)
      scene.client.connect()
      #expect(channel.state == .initialized)
      #expect(channel.errorReason == nil)
      #expect(scene.connection.errorReason == nil)
      try await channel.publish(name: "two", data: nil)
      try await channel.attach()
      let history = try await channel.history(direction: .forwards)
      #expect(history.items.map(\.name) == ["one", "two"])
    }
  }

  @Test("RTN11e: connect on a connection does nothing")
  func connectTwice() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let (id, events) = (scene.connection.id, scene.connection.events)
      scene.client.connect()
      try await scene.connection.ping()
      #expect(scene.connection.id == id)
      #expect(scene.faults.sockets.count == 1)
      scene.client.close()
      for await change in events.prefix(1) { #expect(change.current == .closing) }
    }
  }

  @Test(
    "RTN12b, RTN12c: without CLOSED it is closed in time, or when the socket breaks",
    arguments: [true, false])
  func closeUnanswered(breaks: Bool) async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      scene.faults.sockets[0].mute()
      scene.client.close()
      #expect(scene.connection.state == .closing)
      if breaks { scene.faults.sockets[0].cut() } else { scene.clock.advance(by: .seconds(10)) }
      try await scene.connection.whenState(.closed)
      #expect(scene.faults.sockets.count == 1)
    }
  }

  @Test("RTN12f: close while CONNECTING is CLOSING, then CLOSED")
  func closeWhileConnecting() async throws {
    try await run({ $0.autoConnect = false }) { scene in
      scene.faults.plan(.instead(of: 4, []))
      let events = scene.connection.events
      scene.client.connect()
      try await until(!scene.faults.sockets.isEmpty)
      scene.faults.sockets[0].mute()
      scene.client.close()
      #expect(scene.connection.state == .closing)
      scene.faults.sockets[0].cut()
      var states: [ConnectionState] = []
      for await change in events.prefix(3) { states.append(change.current) }
      #expect(states == [.connecting, .closing, .closed])
    }
  }

  @Test("RTN14h: a connection that was suspended is resumed all the same")
  func resumed() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let id = scene.connection.id
      try await scene.wait(in: .suspended) { scene.faults.sockets[0].cut() }
      scene.clock.advance(by: .seconds(24 * 3600))
      try await scene.connection.whenState(.connected)
      #expect(scene.connection.id == id)
      #expect(scene.faults.sockets.last?.request.target.contains("resume=") == true)
    }
  }

  @Test(
    "RTN2d, RSA7e1, RSA7b3, RTL6g3: the client's own id is asked for and stated, and no other is published under"
  )
  func identity() async throws {
    try await run({ $0.clientId = "ada" }) { scene in
      try await scene.connection.whenState(.connected)
      #expect(scene.faults.sockets[0].request.target.contains("clientId=ada"))
      #expect(scene.client.clientId == "ada")
      let channel = scene.client.channels["a"]
      let messages = channel.subscribe()
      try await channel.attach()
      let error = await #expect(throws: ErrorInfo.self) {
        try await channel.publish(Message(name: "other", clientId: "eve"))
      }
      #expect(error?.code == .invalidClientId)
      try await channel.publish(name: "own", data: nil)
      for try await message in messages.prefix(1) {
        #expect(message.name == "own")
        #expect(message.clientId == "ada")
      }
    }
  }

  @Test("RSA4d1: an explicit requestToken that is refused with 403 changes nothing")
  func explicit() async throws {
    let isForbidden = Flag()
    try await LoopbackDesk.open { desk in
      let server = try RESTClient(options: desk.options())
      let options = try desk.options {
        $0.key = nil
        $0.authCallback = { params in
          if isForbidden.isSet { throw ErrorInfo(.forbidden, "no", statusCode: 403) }
          return .tokenDetails(try await server.auth.requestToken(params))
        }
      }
      try await desk.connected(options) { client in
        isForbidden.set()
        await #expect(throws: ErrorInfo.self) { try await client.auth.requestToken() }
        try await client.connection.ping()
        #expect(client.connection.state == .connected)
        #expect(client.connection.errorReason == nil)
      }
    }
  }

  @Test("RTP8, RTP10, RTP11: members come and go, and are seen, over sockets")
  func presence() async throws {
    try await run({ $0.clientId = "ada" }) { scene in
      try await scene.connection.whenState(.connected)
      try await scene.desk.connected(scene.desk.options { $0.clientId = "bob" }) { bob in
        let news = scene.client.channels["a"].presence.subscribe(.enter, .leave)
        try await scene.client.channels["a"].attach()
        let comers = bob.channels["a"].presence.subscribe(.enter)
        try await bob.channels["a"].presence.enter("here")
        try await scene.client.channels["a"].presence.enter()
        // Each is told of its own by an answer, of the other when it is told.
        for try await member in comers where member.clientId == "ada" { break }
        let members = try await bob.channels["a"].presence.get()
        #expect(Set(members.map(\.clientId)) == ["ada", "bob"])
        try await bob.channels["a"].presence.leave()
        var seen: [String] = []
        for try await member in news.prefix(3) {
          seen.append("\(member.clientId ?? "") \(member.action == .enter ? "comes" : "goes")")
        }
        #expect(seen == ["bob comes", "ada comes", "bob goes"])
      }
    }
  }

  @Test(
    "RTF1, 80013: a message that lies deep is delivered, and one that cannot be read does not end the connection"
  )
  func deep() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let channel = scene.client.channels["a"]
      let messages = channel.subscribe()
      try await channel.attach()
      let events = scene.connection.events
      let nested = String(repeating: #"{"a":"#, count: 62) + "{}" + String(repeating: "}", count: 62)
      let extras = try JSONValue(parsing: nested.utf8, maximumDepth: 128)
      scene.faults.sockets[0].inject([
        "action": 15, "channel": "a", "id": "x",
        "messages": [["name": "deep", "extras": extras], ["name": 7], ["name": "after"]],
      ])
      var seen: [String?] = []
      for try await message in messages.prefix(2) { seen += [message.name, message.id] }
      #expect(seen == ["deep", "x:0", "after", "x:2"])
      // The service takes no such thing.
      let error = await #expect(throws: ErrorInfo.self) {
        try await scene.client.rest.request(
          "POST", "/channels/a/messages", body: ["extras": extras["a"] ?? .null]
        )
        .throwIfRefused()
      }
      #expect(error?.code == .invalidMessageExtras)
      scene.client.close()
      for await change in events.prefix(1) { #expect(change.current == .closing) }
    }
  }
}

extension HTTPPaginatedResponse {
  /// - Throws: what the service refused.
  fileprivate func throwIfRefused() throws(ErrorInfo) {
    guard !success else { return }
    throw ErrorInfo(errorCode ?? .internalError, errorMessage ?? "", statusCode: statusCode)
  }
}
