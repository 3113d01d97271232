internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import Logging
internal import ServiceLifecycle
internal import TestSupport
internal import Testing

@Suite("The life of a client", .endsAtLast)
struct RunTests {
  @Test("RTN3, RTC1b, TO3e: it connects when it runs, and not before")
  func autoConnect() async throws {
    let stage = try Stage()
    #expect(stage.connection.state == .initialized)
    try await stage.run {
      _ = try await stage.nextConnection()
      #expect(stage.connection.state == .connected)
    }
    #expect(stage.connection.state == .closed)
  }

  @Test("RTN3, RTC1b, RTN11, RTC15: without autoConnect it waits for connect")
  func noAutoConnect() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      #expect(stage.connection.state == .initialized)
      #expect(stage.transport.sockets.isEmpty)
      stage.client.connect()
      _ = try await stage.nextConnection()
    }
  }

  @Test("RTN11: connect before it runs counts when it does")
  func connectBefore() async throws {
    let stage = try Stage { $0.autoConnect = false }
    stage.client.connect()
    #expect(stage.connection.state == .initialized)
    try await stage.run { _ = try await stage.nextConnection() }
  }

  @Test("RTN12, RTN3: close before it runs counts when it does, until somebody asks for a connection")
  func closeBefore() async throws {
    let stage = try Stage()
    stage.client.close()
    try await stage.run {
      #expect(stage.connection.state == .initialized)
      stage.client.connect()
      _ = try await stage.nextConnection()
    }
  }

  @Test("RTN12a: cancelling the run sends CLOSE, waits for CLOSED, and tells of both")
  func cancelled() async throws {
    let stage = try Stage()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await stage.client.run() }
      let socket = try await stage.nextConnection()
      group.cancelAll()
      _ = try await socket.next(7)
      #expect(stage.connection.state == .closing)
      socket.deliver(["action": 8])
      try await group.waitForAll()
      #expect(socket.isClosed)
    }
    #expect(stage.connection.state == .closed)
    var states: [ConnectionState] = []
    for await change in stage.changes { states.append(change.current) }
    #expect(states == [.connecting, .connected, .closing, .closed])
  }

  @Test("RTN4: whoever listens sees all changes up to the last, though the run ends while one is told")
  func endsMeanwhile() async throws {
    var options = try ClientOptions(key: Stage.key)
    options.autoConnect = false
    let transport = BusyTransport()
    let client = try RealtimeClient(options: options, transport: transport, httpTransport: StubHTTP())
    let changes = client.connection.events
    let run = Task { try await client.run() }
    transport.whileItOpens.withLock {
      $0 = { receive in
        client.close()
        receive(.ended(.closed(code: nil)))
        run.cancel()
      }
    }
    client.connect()
    try await run.value
    var states: [ConnectionState] = []
    for await change in changes { states.append(change.current) }
    #expect(states == [.connecting, .closing, .closed])
  }

  @Test("RTN12b: a service that does not answer CLOSE is not waited for longer than it has to answer")
  func closeUnanswered() async throws {
    let stage = try Stage()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await stage.client.run() }
      let socket = try await stage.nextConnection()
      group.cancelAll()
      _ = try await socket.next(7)
      stage.clock.advance(by: .seconds(10))
      try await group.waitForAll()
    }
    #expect(stage.connection.state == .closed)
  }

  @Test("A graceful shutdown of its service group closes the connection")
  func gracefulShutdown() async throws {
    let stage = try Stage()
    let services = ServiceGroup(
      services: [stage.client], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await services.run() }
      let socket = try await stage.nextConnection()
      await services.triggerGracefulShutdown()
      _ = try await socket.next(7)
      socket.deliver(["action": 8])
      try await group.waitForAll()
    }
    #expect(stage.connection.state == .closed)
  }

  @Test("It runs once")
  func once() async throws {
    let stage = try Stage()
    try await stage.run {
      _ = try await stage.nextConnection()
      let error = await #expect(throws: ErrorInfo.self) { try await stage.client.run() }
      #expect(error?.code == .badRequest)
    }
    let error = await #expect(throws: ErrorInfo.self) { try await stage.client.run() }
    #expect(error?.code == .badRequest)
  }

  @Test("Whoever waits for something learns at the end of the run that it will not come")
  func waitersAtTheEnd() async throws {
    let stage = try Stage()
    let waiter = Task { try await stage.client.channels.get("a").attach() }
    let messages = stage.client.channels.get("b").subscribe()
    try await stage.run { _ = try await stage.nextConnection() }
    await #expect(throws: ErrorInfo.self) { try await waiter.value }
    for try await _ in messages { Issue.record("nothing was sent") }
    let late = await #expect(throws: ErrorInfo.self) { try await stage.connection.ping() }
    #expect(late?.code == .connectionClosed)
    let attach = await #expect(throws: ErrorInfo.self) { try await stage.client.channels.get("a").attach() }
    #expect(attach != nil)
    await #expect(throws: ErrorInfo.self) { try await stage.connection.whenState(.connected) }
  }

  @Test("A caller that is cancelled stops to wait, and leaves the rest alone")
  func cancelledCaller() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      let impatient = Task { try await channel.attach() }
      let patient = Task { try await channel.attach() }
      let frame = try await socket.next(10)
      impatient.cancel()
      let error = await #expect(throws: ErrorInfo.self) { try await impatient.value }
      #expect(error?.code == .operationCanceled)
      socket.deliver(["action": 11, "channel": frame["channel"] ?? .null])
      try await patient.value
      #expect(channel.state == .attached)
    }
  }

  @Test(
    "The last reference gone, nothing of a client is left, whether it ran or not", arguments: [true, false])
  func leak(runs: Bool) async throws {
    weak var client: RealtimeClient?
    weak var auth: Auth?
    do {
      let stage = try Stage()
      client = stage.client
      auth = stage.client.auth
      #expect(client != nil)
      if runs { try await stage.run { _ = try await stage.nextConnection() } }
    }
    #expect(client == nil)
    #expect(auth == nil)
  }
}
