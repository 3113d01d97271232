internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("authorize, and the connection", .endsAtLast)
struct ClientAuthorizeTests {
  private func run(
    _ desk: TokenDesk = TokenDesk(), _ adjust: (inout ClientOptions) throws -> Void = { _ in },
    _ body: (Stage) async throws -> Void
  ) async throws {
    try await Stage.run({
      $0 = ClientOptions(authCallback: desk.callback, json: true)
      try adjust(&$0)
    }) { try await body($0) }
  }

  @Test(
    "RTC8a, RTC8a1, RTC8a3, RTC8a4: AUTH with the token; done when the service answered, with an UPDATE alone",
    arguments: ["opaque.token", "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjF9.c2ln"])
  func connected(token: String) async throws {
    try await run { stage in
      let socket = try await stage.nextConnection()
      let finished = Flag()
      var options = AuthOptions()
      options.token = token
      let call = Task { [options] in
        defer { finished.set() }
        return try await stage.client.auth.authorize(options: options)
      }
      let frame = try await socket.next(17)
      #expect(frame["auth"]?["accessToken"] == .string(token))
      // It waits for the answer, whatever else is answered.
      let ping = Task { try await stage.connection.ping() }
      socket.deliver(try await socket.next(0))
      _ = try await ping.value
      #expect(!finished.isSet)
      socket.connected(id: "connection-1", key: "key-2")
      #expect(try await call.value.token == token)
      #expect(stage.connection.key == "key-2")
      var changes = stage.changes.makeAsyncIterator()
      _ = await (changes.next(), changes.next())
      let update = await changes.next()
      #expect(update?.event == .update)
      #expect(update?.previous == .connected)
      #expect(update?.current == .connected)
      #expect(stage.transport.sockets.count == 1)
    }
  }

  @Test("RTC8a2, RTC8a3: the service's refusal is FAILED, and what authorize throws")
  func refused() async throws {
    try await run { stage in
      let socket = try await stage.nextConnection()
      let call = Task { try await stage.client.auth.authorize() }
      _ = try await socket.next(17)
      socket.error(40102, status: 401)
      let error = await #expect(throws: ErrorInfo.self) { try await call.value }
      #expect(error?.code == .incompatibleCredentials)
      #expect(stage.connection.state == .failed)
    }
  }

  @Test("RTC8a1: a capability that shrinks fails the channels that the service names, and no other")
  func downgrade() async throws {
    try await run { stage in
      let socket = try await stage.nextConnection()
      let (mine, other) = (stage.client.channels.get("mine"), stage.client.channels.get("other"))
      for channel in [mine, other] {
        async let attached: Void = channel.attach()
        try await socket.attach()
        try await attached
      }
      let call = Task { try await stage.client.auth.authorize() }
      _ = try await socket.next(17)
      socket.connected(id: "connection-1", key: "key-1")
      socket.error(40160, status: 401, channel: "other")
      _ = try await call.value
      try await other.whenState(.failed)
      #expect(other.errorReason?.code == .capabilityDenied)
      #expect(mine.state == .attached)
      #expect(stage.connection.state == .connected)
    }
  }

  @Test(
    "RTC8b, RTC8b1: while connecting the attempt is given up for one with the new token; CONNECTED ends the call"
  )
  func connecting() async throws {
    try await run { stage in
      let first = try await stage.nextSocket()
      #expect(first.query["accessToken"] == "token-1")
      let call = Task { try await stage.client.auth.authorize() }
      let second = try await stage.nextSocket()
      #expect(second.query["accessToken"] == "token-2")
      #expect(first.isClosed)
      second.connected()
      #expect(try await call.value.token == "token-2")
      #expect(stage.connection.state == .connected)
    }
  }

  @Test("RTC8b1: while connecting, FAILED ends the call with its reason")
  func connectingFails() async throws {
    try await run { stage in
      _ = try await stage.nextSocket()
      let call = Task { try await stage.client.auth.authorize() }
      try await stage.nextSocket().error(40101, status: 401)
      let error = await #expect(throws: ErrorInfo.self) { try await call.value }
      #expect(error?.code == .invalidCredentials)
      #expect(stage.connection.state == .failed)
    }
  }

  enum Start: String, CaseIterable, CustomTestStringConvertible {
    case initialized, disconnected, suspended, closed, failed

    var testDescription: String { rawValue }
  }

  @Test("RTC8c: in every other state the connection is made, with the new token", arguments: Start.allCases)
  func elsewhere(start: Start) async throws {
    try await run(TokenDesk(), { $0.autoConnect = start != .initialized }) { stage in
      switch start {
      case .initialized: break
      case .disconnected:
        try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.tls, ""))))
        try await stage.connection.whenState(.disconnected)
      case .suspended:
        _ = try await stage.untilSuspended()
      case .closed:
        let socket = try await stage.nextConnection()
        stage.client.close()
        _ = try await socket.next(7)
        socket.deliver(["action": 8])
      case .failed: try await stage.nextSocket().error(40101, status: 401)
      }
      #expect(stage.connection.state.rawValue == start.rawValue)
      let call = Task { try await stage.client.auth.authorize() }
      let socket = try await stage.nextSocket()
      socket.connected(id: "connection-2")
      let token = try await call.value.token
      #expect(socket.query["accessToken"] == token)
      #expect(stage.connection.state == .connected)
      #expect(stage.connection.errorReason == nil)
    }
  }

  @Test(
    "RTC8: a client that does not run yet makes the connection when it does; one that has run gives the token"
  )
  func notRunning() async throws {
    let desk = TokenDesk()
    let stage = try Stage {
      $0 = ClientOptions(authCallback: desk.callback, json: true)
      $0.autoConnect = false
    }
    let first = try await stage.client.auth.authorize()
    #expect(first.token == "token-1")
    #expect(stage.connection.state == .initialized)
    try await stage.run {
      let socket = try await stage.nextConnection()
      #expect(socket.query["accessToken"] == "token-1")
    }
    let second = try await stage.client.auth.authorize()
    #expect(second.token == "token-2")
  }

  @Test("RTC8: cancelling authorize ends the call alone; the connection uses the token all the same")
  func cancelled() async throws {
    try await run { stage in
      let socket = try await stage.nextConnection()
      let call = Task { try await stage.client.auth.authorize() }
      _ = try await socket.next(17)
      call.cancel()
      let error = await #expect(throws: ErrorInfo.self) { try await call.value }
      #expect(error?.code == .operationCanceled)
      socket.connected(key: "key-2")
      #expect(stage.connection.state == .connected)
      #expect(stage.connection.key == "key-2")
    }
  }

  @Test("RTN22, RTC8a: AUTH from the service obtains a token and sends it, connected all the while")
  func serverInitiated() async throws {
    let desk = TokenDesk()
    try await run(desk) { stage in
      let socket = try await stage.nextConnection()
      socket.deliver(["action": 17])
      let frame = try await socket.next(17)
      #expect(frame["auth"]?["accessToken"] == "token-2")
      #expect(stage.connection.state == .connected)
      socket.connected(key: "key-2")
      #expect(stage.client.auth.tokenDetails?.token == "token-2")
      #expect(desk.asked.count == 2)
    }
  }

  @Test("RTN22: a storm of AUTH is one renewal")
  func storm() async throws {
    let desk = TokenDesk()
    try await run(desk) { stage in
      let socket = try await stage.nextConnection()
      for _ in 0..<1000 { socket.deliver(["action": 17]) }
      _ = try await socket.next(17)
      // What follows from a thousand frames has begun before an answer to what was asked after them.
      async let trip = stage.connection.ping()
      let ping = try await socket.next(0)
      socket.deliver(["action": 0, "id": ping["id"] ?? .null])
      _ = try await trip
      #expect(desk.asked.count == 2)
      #expect(stage.connection.state == .connected)
    }
  }

  @Test("RTN22, RSA4a: without means to renew, a token is left to its end")
  func serverInitiatedWithoutMeans() async throws {
    try await Stage.run({
      $0 = ClientOptions(token: "only")
      $0.useBinaryProtocol = false
    }) { stage in
      let socket = try await stage.nextConnection()
      socket.deliver(["action": 17])
      try await until(stage.connection.errorReason != nil)
      #expect(stage.connection.errorReason?.code == .noMeansToRenew)
      #expect(stage.connection.state == .connected)
      #expect(stage.client.auth.tokenDetails?.token == "only")
    }
  }

  @Test("RTN14b, RSA4b: a token error while connecting is renewed once, without leaving CONNECTING")
  func renewedOnce() async throws {
    try await run { stage in
      try await stage.nextSocket().disconnected(40142, status: 401)
      let second = try await stage.nextSocket()
      #expect(second.query["accessToken"] == "token-2")
      second.disconnected(40142, status: 401)
      let change = try await stage.connection.whenState(.disconnected)
      #expect(change?.reason?.code == .tokenExpired || stage.connection.errorReason?.code == .tokenExpired)
    }
  }

  @Test(
    "RTN15h, RTN15h2, RTN22a: a token that ends while connected: a brief DISCONNECTED, then resume with a new one"
  )
  func expired() async throws {
    try await run { stage in
      let first = try await stage.nextConnection()
      first.disconnected(40142, status: 401)
      let second = try await stage.nextSocket()
      #expect(second.query["accessToken"] == "token-2")
      #expect(second.query["resume"] == "key-1")
      second.connected(key: "key-2")
      try await stage.connection.whenState(.connected)
      var states: [ConnectionState] = []
      for await change in stage.changes.prefix(5) { states.append(change.current) }
      #expect(states == [.connecting, .connected, .disconnected, .connecting, .connected])
    }
  }

  @Test("RSA7b3, RTC4a, RSA12a: the identity is the one that CONNECTED states")
  func identity() async throws {
    try await Stage.run { stage in
      #expect(stage.client.clientId == nil)
      _ = try await stage.nextConnection(clientId: "ada")
      #expect(stage.client.auth.clientId == "ada")
      #expect(stage.client.clientId == "ada")
    }
  }

  private static func options(_ token: TokenDetails) -> AuthOptions {
    var options = AuthOptions()
    options.tokenDetails = token
    return options
  }

  @Test("RSA7b3, RTL6g4: what one connection confirmed does not outlive it", arguments: [true, false])
  func identityOfAnother(isClosed: Bool) async throws {
    try await Stage.run { stage in
      let first = try await stage.nextConnection(clientId: "ada")
      if isClosed {
        stage.client.close()
        _ = try await first.next(7)
        first.deliver(["action": 8])
      } else {
        first.error(40400, status: 404)
      }
      #expect(stage.client.clientId == nil)
      let options = Self.options(TokenDetails(token: "t", clientId: "bob"))
      let call = Task { try await stage.client.auth.authorize(options: options) }
      let second = try await stage.nextSocket()
      #expect(stage.client.clientId == "bob")
      let publish = Task {
        try await stage.client.channels.get("a").publish(Message(name: "n", clientId: "bob"))
      }
      try await until(stage.client.engine.read(\.outbox.load.count) > 0)
      second.connected(id: "connection-2", clientId: "bob")
      _ = try await call.value
      let frame = try await second.next(15)
      second.deliver(["action": 1, "msgSerial": frame["msgSerial"] ?? .null, "count": 1])
      _ = try await publish.value
    }
  }

  @Test("RSA7b3: a token of another identity takes its place at once, and a JWT that says nothing leaves it")
  func identityOfAToken() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection(clientId: "ada")
      for (token, clientId) in [("opaque", nil), ("named", "bob")] as [(String, String?)] {
        let options = Self.options(TokenDetails(token: token, clientId: clientId))
        let call = Task { try await stage.client.auth.authorize(options: options) }
        _ = try await socket.next(17)
        #expect(stage.client.clientId == clientId ?? "ada")
        socket.connected(clientId: clientId ?? "ada")
        _ = try await call.value
      }
      #expect(stage.client.clientId == "bob")
    }
  }

  @Test("RTC8: a client that is ending is not given a token any more, and says so")
  func ending() async throws {
    let desk = TokenDesk()
    let stage = try Stage { $0 = ClientOptions(authCallback: desk.callback, json: true) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await stage.client.run() }
      let socket = try await stage.nextConnection()
      group.cancelAll()
      _ = try await socket.next(7)
      let error = await #expect(throws: ErrorInfo.self) {
        try await Task { try await stage.client.auth.authorize() }.value
      }
      #expect(error?.code == .connectionClosed)
      socket.deliver(["action": 8])
      try await group.waitForAll()
    }
  }

  @Test("RSA15a, RSA15c: CONNECTED for somebody else is FAILED with 40102")
  func otherIdentity() async throws {
    try await Stage.run({ $0.clientId = "ada" }) { stage in
      try await stage.nextSocket().connected(clientId: "eve")
      try await stage.connection.whenState(.failed)
      #expect(stage.connection.errorReason?.code == .incompatibleCredentials)
      #expect(stage.client.clientId == "ada")
    }
  }

  @Test("RTC8a, RSA4b: a token that a request had to renew is the connection's too")
  func renewedByRequest() async throws {
    let http = StubHTTP { request throws(HTTPFailure) in
      // "Bearer" of token-1 in base64 is refused.
      request.headerFields[.authorization] == "Bearer \(Base64.standard.encode("token-1".utf8))"
        ? .json(["error": InMemoryRealtimeSocket.error(40142, 401)], status: 401) : .json([])
    }
    let desk = TokenDesk()
    try await Stage.run(http: http, { $0 = ClientOptions(authCallback: desk.callback, json: true) }) {
      stage in
      let socket = try await stage.nextConnection()
      _ = try await stage.client.request("GET", "/channels/a/messages")
      #expect(try await socket.next(17)["auth"]?["accessToken"] == "token-2")
      #expect(desk.asked.count == 2)
    }
  }
}
