internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import TestSupport
internal import Testing

@Suite("A token source that fails, and the connection", .endsAtLast)
struct TokenSourceTests {
  struct Broken: Error {}

  private func run(
    _ desk: TokenDesk, _ body: (Stage) async throws -> Void
  ) async throws {
    try await Stage.run({ $0 = ClientOptions(authCallback: desk.callback, json: true) }) {
      try await body($0)
    }
  }

  @Test(
    "RSA4c, RSA4c1, RSA4c2: while connecting it is DISCONNECTED with 80019 and the cause, and tried again")
  func connecting() async throws {
    let desk = TokenDesk()
    desk.fail(Broken())
    try await run(desk) { stage in
      var changes = stage.changes.makeAsyncIterator()
      _ = await changes.next()
      let change = await changes.next()
      #expect(change?.current == .disconnected)
      #expect(change?.reason?.code == .tokenRequestFailed)
      #expect(change?.reason?.statusCode == 401)
      #expect(change?.reason?.cause?.code == .tokenRequestCallbackFailed)
      #expect(stage.connection.errorReason == change?.reason)
      #expect(stage.transport.sockets.isEmpty)
      desk.fail(nil)
      stage.clock.advance(by: try #require(change?.retryIn))
      #expect(try await stage.nextConnection().query["accessToken"] == "token-2")
    }
  }

  @Test("RSA4c: a token source that takes too long counts as one that fails")
  func timeout() async throws {
    let callback: AuthCallback = { _ in
      // Nothing ever comes; it ends with the cancellation of its task.
      let (silence, continuation) = AsyncStream.makeStream(of: Void.self)
      for await _ in silence {}
      continuation.finish()
      return .token("late")
    }
    try await Stage.run({ $0 = ClientOptions(authCallback: callback, json: true) }) { stage in
      var changes = stage.changes.makeAsyncIterator()
      _ = await changes.next()
      // The limit's sleep begins in a task of its own: time goes on until it has.
      let advancing = Task {
        while !Task.isCancelled {
          stage.clock.advance(by: .seconds(1))
          await Task.yield()
        }
      }
      let change = await changes.next()
      advancing.cancel()
      #expect(change?.current == .disconnected)
      #expect(change?.reason?.code == .tokenRequestFailed)
      #expect(change?.reason?.statusCode == 401)
    }
  }

  @Test(
    "RTN14b: when the renewal fails, it is DISCONNECTED, whatever the source says", arguments: [40171, 50000])
  func renewalFails(code: Int) async throws {
    let desk = TokenDesk()
    try await run(desk) { stage in
      let socket = try await stage.nextSocket()
      desk.fail(ErrorInfo(ErrorInfo.Code(rawValue: code), "not today", statusCode: 401))
      socket.error(40142, status: 401)
      try await stage.connection.whenState(.disconnected)
      #expect(desk.asked.count == 2)
      #expect(stage.connection.errorReason?.code == .tokenRequestFailed)
      #expect(stage.connection.errorReason?.cause?.code.rawValue == code)
      desk.fail(nil)
      stage.clock.advance(by: .seconds(15))
      #expect(try await stage.nextConnection().query["accessToken"] == "token-3")
    }
  }

  @Test("RSA4a1: a token that nothing can renew is mentioned at once, with 40171 and where to read on")
  func mentioned() throws {
    let log = LogCapture()
    _ = try Stage {
      $0 = ClientOptions(token: "only")
      $0.logger = log.logger
    }
    let line = try #require(log.lines.first { $0.contains("40171") })
    #expect(line.hasPrefix("info"))
    #expect(line.contains("https://help.ably.io/error/40171"))
  }

  @Test("RSA4d: 403 is final, while connecting and while connected", arguments: [false, true])
  func forbidden(connected: Bool) async throws {
    let desk = TokenDesk()
    let refusal = ErrorInfo(.forbidden, "not you", statusCode: 403)
    if !connected { desk.fail(refusal) }
    try await run(desk) { stage in
      if connected {
        let socket = try await stage.nextConnection()
        desk.fail(refusal)
        socket.deliver(["action": 17])
      }
      try await stage.connection.whenState(.failed)
      let reason = stage.connection.errorReason
      #expect(reason?.code == .tokenRequestFailed)
      #expect(reason?.statusCode == 403)
      #expect(reason?.cause?.message == "not you")
      #expect(reason?.cause?.code == .forbidden)
      #expect(stage.transport.sockets.count == (connected ? 1 : 0))
      var states: [ConnectionState] = []
      for await change in stage.changes.prefix(connected ? 3 : 2) { states.append(change.current) }
      #expect(states == (connected ? [.connecting, .connected, .failed] : [.connecting, .failed]))
    }
  }

  @Test("RSA4c3, RTN22: while connected the connection is left alone, without an AUTH, and errorReason tells")
  func connected() async throws {
    let desk = TokenDesk()
    try await run(desk) { stage in
      let socket = try await stage.nextConnection()
      desk.fail(Broken())
      let events = stage.client.auth.events
      socket.deliver(["action": 17])
      var failure: AuthEvent?
      for await event in events {
        if case .failed = event {
          failure = event
          break
        }
      }
      guard case .failed(_, willRetry: true) = failure else { return #expect(Bool(false)) }
      // Whatever else was to happen on the socket happens before an answer to a ping.
      try await until(stage.connection.errorReason != nil)
      #expect(stage.connection.errorReason?.code == .tokenRequestFailed)
      #expect(stage.connection.state == .connected)
      let ping = Task { try await stage.connection.ping() }
      socket.deliver(try await socket.next(0))
      _ = try await ping.value
    }
  }

  @Test("RSA4d1: an explicit requestToken that fails with 403 changes nothing for the connection")
  func explicit() async throws {
    let desk = TokenDesk()
    try await run(desk) { stage in
      let socket = try await stage.nextConnection()
      desk.fail(ErrorInfo(.forbidden, "no", statusCode: 403))
      await #expect(throws: ErrorInfo.self) { try await stage.client.auth.requestToken() }
      #expect(stage.connection.state == .connected)
      #expect(stage.connection.errorReason == nil)
      #expect(try socket.nextSentAlready() == nil)
    }
  }

  @Test(
    "RSA4f, RSA4c2: what no token can be is DISCONNECTED with 80019",
    arguments: [
      AuthAnswer.json([1, 2]), .json(7), .token(""), .token(String(repeating: "x", count: 200_000)),
    ])
  func unusable(answer: AuthAnswer) async throws {
    try await Stage.run({ $0 = ClientOptions(authCallback: { _ in answer }, json: true) }) { stage in
      let change = try await stage.connection.whenState(.disconnected)
      #expect(stage.connection.errorReason?.code == .tokenRequestFailed)
      #expect(stage.connection.errorReason?.statusCode == 401)
      #expect(change?.reason?.cause != nil || stage.connection.errorReason?.cause != nil)
      #expect(stage.transport.sockets.isEmpty)
    }
  }

  @Test(
    "RSA4a2, RSA4a1: a token that is refused and cannot be renewed is FAILED with 40171, and not tried again")
  func noMeans() async throws {
    try await Stage.run({ $0 = ClientOptions(token: "only") }) { stage in
      let socket = try await stage.nextSocket()
      socket.disconnected(40142, status: 401)
      try await stage.connection.whenState(.failed)
      #expect(stage.connection.errorReason?.code == .noMeansToRenew)
      #expect(stage.connection.errorReason?.cause?.code == .tokenExpired)
      stage.clock.advance(by: .seconds(3600))
      #expect(stage.transport.sockets.count == 1)
    }
  }
}

extension ClientOptions {
  /// Options with a callback, in JSON where a test reads what is sent.
  init(authCallback: @escaping AuthCallback, json: Bool) {
    self.init(authCallback: authCallback)
    useBinaryProtocol = !json
  }
}
