internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import Synchronization
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("Waiting for a state of the connection", .endsAtLast)
struct WhenStateTests {
  private static let failure = RealtimeSocketEvent.ended(.failed(HTTPFailure(.tls, "")))

  /// Somebody who waits for a state; returns when they do.
  private func waiter(
    for state: ConnectionState, of stage: Stage
  ) async throws -> Task<ConnectionStateChange?, any Error> {
    let connection = stage.connection
    let before = connection.engine.changes.listenerCount
    let waiter = Task { try await connection.whenState(state) }
    try await until(connection.engine.changes.listenerCount != before)
    return waiter
  }

  @Test("RTN26a: it is at once where the state is there, however often it is asked")
  func there() async throws {
    try await Stage.run { stage in
      #expect(try await stage.connection.whenState(stage.connection.state) == nil)
      _ = try await stage.nextConnection()
      for _ in 0..<3 { #expect(try await stage.connection.whenState(.connected) == nil) }
    }
  }

  @Test("RTN26b: it waits for a state that is still to come, and gives the change that led to it")
  func later() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      let waiter = try await waiter(for: .connected, of: stage)
      stage.client.connect()
      _ = try await stage.nextConnection()
      let change = try await waiter.value
      #expect(change?.previous == .connecting)
      #expect(change?.current == .connected)
    }
  }

  @Test("RTN26b: it ends with the first time, and hears nothing of the next")
  func once() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      let listeners = stage.connection.engine.changes.listenerCount
      let waiter = try await waiter(for: .connected, of: stage)
      stage.client.connect()
      let socket = try await stage.nextConnection(key: "key-1")
      #expect(try await waiter.value?.previous == .connecting)
      try await until(stage.connection.engine.changes.listenerCount <= listeners)
      socket.happen(.ended(.closed(code: nil)))
      _ = try await stage.nextConnection(key: "key-2")
      #expect(stage.connection.engine.changes.listenerCount == listeners)
    }
  }

  @Test("RTN26a: each of those who wait has its own")
  func many() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      let first = try await waiter(for: .connected, of: stage)
      let second = try await waiter(for: .connected, of: stage)
      let third = try await waiter(for: .connecting, of: stage)
      stage.client.connect()
      _ = try await stage.nextConnection()
      #expect(try await first.value?.current == .connected)
      #expect(try await second.value?.current == .connected)
      #expect(try await third.value?.current == .connecting)
    }
  }

  @Test("RTN26a: a state that has passed does not count: it is the next time that is waited for")
  func passed() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      let waiter = try await waiter(for: .connecting, of: stage)
      socket.happen(.ended(.closed(code: nil)))
      // The first time came from INITIALIZED.
      #expect(try await waiter.value?.previous == .disconnected)
    }
  }

  @Test("RTN26: each state is waited for in the same way")
  func different() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      #expect(try await stage.connection.whenState(.initialized) == nil)
      let connecting = try await waiter(for: .connecting, of: stage)
      let disconnected = try await waiter(for: .disconnected, of: stage)
      let closed = try await waiter(for: .closed, of: stage)
      stage.client.connect()
      try await stage.nextSocket().happen(Self.failure)
      #expect(try await connecting.value?.previous == .initialized)
      #expect(try await disconnected.value?.previous == .connecting)
      stage.client.close()
      #expect(try await closed.value?.previous == .disconnected)
    }
  }

  @Test("RTN26b: a task that waits for a state and is cancelled waits no longer")
  func cancelled() async throws {
    try await Stage.run { stage in
      let impatient = try await waiter(for: .suspended, of: stage)
      impatient.cancel()
      let error = await #expect(throws: ErrorInfo.self) { try await impatient.value }
      #expect(error?.code == .operationCanceled)
    }
  }

  @Test("RTN26b: what was over before it was asked, but is yet to be told, does not count")
  func stale() async throws {
    try await Stage.run({ $0.autoConnect = false }) { stage in
      let engine = stage.connection.engine
      let reader = stage.connection.events
      // Somebody is at what is to be done, and is held up.
      engine.room.withLock { $0.isBusy = true }
      stage.client.connect()
      stage.client.close()
      #expect(stage.connection.state == .closed)
      let late = stage.connection.events
      let waiter = try await waiter(for: .connecting, of: stage)
      engine.carryOut()
      var seen: [ConnectionState] = []
      for await change in reader {
        seen.append(change.current)
        if change.current == .closed { break }
      }
      #expect(seen == [.connecting, .closing, .closed])
      stage.client.connect()
      let change = try await waiter.value
      #expect(change?.previous == .closed)
      for await change in late {
        #expect(change.previous == .closed)
        break
      }
    }
  }
}
