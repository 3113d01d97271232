internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("connect and close, in each state of the connection", .endsAtLast)
struct ConnectAndCloseTests {
  private static let failure = RealtimeSocketEvent.ended(.failed(HTTPFailure(.tls, "")))

  /// Brings a client to where it waits for the next attempt.
  private func wait(in state: ConnectionState, _ stage: Stage) async throws {
    if state == .suspended {
      _ = try await stage.untilSuspended()
    } else {
      try await stage.nextSocket().happen(Self.failure)
      try await stage.connection.whenState(.disconnected)
    }
    #expect(stage.connection.state == state)
  }

  @Test("RTN11b: connect while CLOSING makes another connection, on another socket, with the channels as new")
  func connectWhileClosing() async throws {
    try await Stage.run { stage in
      let old = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      async let attached: Void = channel.attach()
      try await old.attach()
      try await attached
      let changes = channel.events
      stage.client.close()
      _ = try await old.next(7)
      #expect(stage.connection.state == .closing)
      stage.client.connect()
      #expect(stage.connection.state == .connecting)
      #expect(try await old.next() == nil, "the old socket was not closed")
      let new = try await stage.nextConnection(id: "connection-2")
      #expect(new.query["resume"] == nil)
      #expect(stage.connection.id == "connection-2")
      var states: [ChannelState] = []
      for await change in changes.prefix(2) { states.append(change.current) }
      #expect(states == [.detached, .initialized])
    }
  }

  @Test(
    "RTN11c: connect between two attempts begins the next one at once",
    arguments: [ConnectionState.disconnected, .suspended])
  func connectWhileWaiting(state: ConnectionState) async throws {
    try await Stage.run { stage in
      try await wait(in: state, stage)
      stage.client.connect()
      #expect(stage.connection.state == .connecting)
      _ = try await stage.nextConnection()
    }
  }

  @Test(
    "RTN11d: connect after the end begins anew: channels, errors and numbers",
    arguments: [ConnectionState.closed, .failed])
  func connectAfterTheEnd(state: ConnectionState) async throws {
    try await Stage.run { stage in
      let old = try await stage.nextConnection()
      let channel = stage.client.channels.get("a")
      async let attached: Void = channel.attach()
      try await old.attach()
      try await attached
      let published = Task { try await channel.publish(name: "n", data: nil) }
      #expect(try await old.next(15)["msgSerial"] == 0)
      old.deliver(["action": 1, "msgSerial": 0, "count": 1])
      _ = try await published.value
      if state == .closed {
        stage.client.close()
        _ = try await old.next(7)
        old.deliver(["action": 8])
      } else {
        old.error(40101, status: 401)
        #expect(channel.errorReason?.code == .invalidCredentials)
      }
      #expect(stage.connection.state == state)
      stage.client.connect()
      #expect(channel.state == .initialized)
      #expect(channel.errorReason == nil)
      #expect(stage.connection.errorReason == nil)
      let new = try await stage.nextConnection(id: "connection-2")
      #expect(new.query["resume"] == nil)
      let again = Task { try await channel.publish(name: "n", data: nil) }
      #expect(try await new.next(15)["msgSerial"] == 0)
      new.deliver(["action": 1, "msgSerial": 0, "count": 1])
      _ = try await again.value
    }
  }

  @Test("RTN11e: connect while CONNECTING or CONNECTED does nothing")
  func connectTwice() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextSocket()
      stage.client.connect()
      socket.connected()
      stage.client.connect()
      try await stage.connection.whenState(.connected)
      #expect(try socket.nextSentAlready() == nil)
      #expect(stage.transport.sockets.count == 1)
      stage.client.close()
      var states: [ConnectionState] = []
      for await change in stage.changes.prefix(3) { states.append(change.current) }
      #expect(states == [.connecting, .connected, .closing])
    }
  }

  @Test("RTN12b: without CLOSED it is closed after realtimeRequestTimeout, and the socket with it")
  func closeUnanswered() async throws {
    try await Stage.run({ $0.realtimeRequestTimeout = .seconds(3) }) { stage in
      let socket = try await stage.nextConnection()
      stage.client.close()
      _ = try await socket.next(7)
      stage.clock.advance(by: .milliseconds(2999))
      #expect(stage.connection.state == .closing)
      stage.clock.advance(by: .milliseconds(1))
      try await stage.connection.whenState(.closed)
      #expect(try await socket.next() == nil)
    }
  }

  @Test("RTN12c: a socket that breaks instead of CLOSED closes it")
  func closeBroken() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      stage.client.close()
      _ = try await socket.next(7)
      socket.happen(.ended(.failed(HTTPFailure(.broken, ""))))
      #expect(stage.connection.state == .closed)
      #expect(stage.transport.sockets.count == 1)
    }
  }

  @Test(
    "RTN12d: close between two attempts is CLOSED at once, and there is no other attempt",
    arguments: [ConnectionState.disconnected, .suspended])
  func closeWhileWaiting(state: ConnectionState) async throws {
    try await Stage.run { stage in
      try await wait(in: state, stage)
      let sockets = stage.transport.sockets.count
      stage.client.close()
      #expect(stage.connection.state == .closed)
      stage.clock.advance(by: .seconds(3600))
      // A connection that is asked for now is the next to open a socket.
      stage.client.connect()
      _ = try await stage.nextConnection()
      #expect(stage.transport.sockets.count == sockets + 1)
    }
  }

  @Test("RTN12f: close while CONNECTING is CLOSING; CONNECTED is answered with CLOSE")
  func closeWhileConnecting() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextSocket()
      stage.client.close()
      #expect(stage.connection.state == .closing)
      socket.connected()
      _ = try await socket.next(7)
      #expect(stage.connection.state == .closing)
      socket.deliver(["action": 8])
      #expect(stage.connection.state == .closed)
      #expect(stage.connection.id == nil)
    }
  }

  @Test("RTN12f: close while CONNECTING is CLOSED when the attempt comes to nothing")
  func closeWhileFailing() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextSocket()
      stage.client.close()
      socket.happen(.ended(.failed(HTTPFailure(.refused, ""))))
      #expect(stage.connection.state == .closed)
      #expect(stage.transport.sockets.count == 1)
    }
  }

  @Test("RTN14h: a suspended connection is resumed, however long ago it was lost")
  func resumesForEver() async throws {
    try await Stage.run { stage in
      try await stage.nextConnection().happen(.ended(.closed(code: nil)))
      for await change in stage.changes where change.current != .connected {
        if change.current == .suspended { break }
        if change.current == .disconnected { stage.clock.advance(by: change.retryIn ?? .zero) }
        if change.current == .connecting, change.previous == .disconnected {
          let socket = try await stage.nextSocket()
          #expect(socket.query["resume"] == "key-1")
          socket.happen(Self.failure)
        }
      }
      #expect(stage.connection.state == .suspended)
      stage.clock.advance(by: .seconds(24 * 3600))
      let socket = try await stage.nextConnection(key: "key-2")
      #expect(socket.query["resume"] == "key-1")
      #expect(stage.connection.id == "connection-1")
    }
  }

  @Test("CD2c, RSL1i: the service says how much may be published at once; what is more is not sent")
  func messageSize() async throws {
    try await Stage.run({ $0.maxMessageSize = 1000 }) { stage in
      let channel = stage.client.channels.get("a")
      let early = Task { try await channel.publish(name: nil, data: "0123456789x") }
      let fitting = Task { try await channel.publish(name: nil, data: "0123456789") }
      try await until(stage.client.engine.read(\.outbox.load.count) >= 2)
      let socket = try await stage.nextConnection(details: ["maxMessageSize": 10])
      let refused = await #expect(throws: ErrorInfo.self) { try await early.value }
      let late = await #expect(throws: ErrorInfo.self) {
        try await channel.publish(name: "x", data: "0123456789")
      }
      #expect([refused?.code, late?.code] == [.maxMessageSizeExceeded, .maxMessageSizeExceeded])
      let frame = try await socket.next(15)
      #expect(frame["messages"] == [["data": "0123456789"]])
      socket.deliver(["action": 1, "msgSerial": 0, "count": 1])
      _ = try await fitting.value
      #expect(stage.connection.state == .connected)
    }
  }
}
