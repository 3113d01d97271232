internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import Logging
internal import Synchronization
internal import TestSupport
internal import Testing

@Suite("Whoever comes with an event", .endsAtLast)
struct FairnessTests {
  /// A logger that has the service send another message that cannot be decoded for each that was warned of.
  private final class Chain: Sendable {
    struct State: Sendable {
      var socket: InMemoryRealtimeSocket?
      var total = 0
      var own = 0
    }

    static let length = 5000
    @TaskLocal static var isOwn = false

    let state = Locked(State())

    var logger: Logger { Logger(label: "chain") { _ in Handler(chain: self) } }

    /// The first link.
    func begin(_ socket: InMemoryRealtimeSocket) {
      state.withLock { $0.socket = socket }
      Self.$isOwn.withValue(true) { Self.send(on: socket) }
    }

    func warned() {
      let socket = state.withLock { state -> InMemoryRealtimeSocket? in
        guard state.socket != nil, state.total < Self.length else { return nil }
        state.total += 1
        if Self.isOwn { state.own += 1 }
        return state.socket
      }
      if let socket { Self.send(on: socket) }
    }

    private static func send(on socket: InMemoryRealtimeSocket) {
      socket.deliver(["action": 15, "channel": "a", "messages": [["data": "x", "encoding": "unknown"]]])
    }
  }

  private struct Handler: LogHandler {
    let chain: Chain
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { chain.warned() }
  }

  @Test("is not kept at work as long as others come with more: the run's own task goes on")
  func share() async throws {
    let chain = Chain()
    try await Stage.run({ $0.logger = chain.logger }) { stage in
      let socket = try await stage.nextConnection()
      let channel = stage.client.channels["a"]
      let messages = channel.subscribe()
      try await socket.attach()
      try await channel.whenState(.attached)
      chain.begin(socket)
      var count = 0
      for try await _ in messages.prefix(Chain.length) { count += 1 }
      let state = chain.state.withLock { $0 }
      #expect(count == Chain.length && state.total == Chain.length)
      #expect((1..<1000).contains(state.own))
    }
  }
}
