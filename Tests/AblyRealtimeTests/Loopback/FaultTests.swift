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

@Suite("Over sockets: faults between client and service", .endsAtLast)
struct FaultTests {
  private static func error(_ code: Int64, _ status: Int64) -> JSONValue {
    ["code": .number(JSONNumber(code)), "statusCode": .number(JSONNumber(status)), "message": "a fault"]
  }

  /// Runs a client on a clock that stands still.
  private func run(
    _ options: ClientOptions, _ faults: FaultInjector,
    _ body: (RealtimeClient, ManualClock) async throws -> Void
  ) async throws {
    let clock = ManualClock(Date())
    let client = try RealtimeClient(
      options: options, transport: faults, httpTransport: nil,
      surroundings: Surroundings(clock: clock.hostClock, jitter: { 1 }))
    try await client.running { try await body(client, clock) }
  }

  private static func states(
    _ events: StateChanges<ConnectionStateChange>, _ count: Int
  ) async -> [ConnectionState] {
    await events.prefix(count).reduce(into: []) { $0.append($1.current) }
  }

  @Test("RTN22: AUTH from the service is answered with another token; the connection stays")
  func serverAuth() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await desk.connected(desk.tokenOptions(), transport: faults) { client in
        let (id, token) = (client.connection.id, client.auth.tokenDetails?.token)
        let events = client.connection.events
        faults.sockets[0].inject(["action": 17])
        for await change in events.prefix(1) { #expect(change.event == .update) }
        #expect(client.connection.id == id)
        #expect(client.auth.tokenDetails?.token != token)
        #expect(faults.sockets.count == 1)
      }
    }
  }

  @Test(
    "RTN14a, RTN14g: an ERROR instead of CONNECTED is FAILED",
    arguments: [(40400, 404), (50000, 500)] as [(Int64, Int64)])
  func fatal(code: Int64, status: Int64) async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector(.instead(of: 4, [["action": 9, "error": Self.error(code, status)]]))
      try await withRealtimeClient(desk.options(), transport: faults) { client in
        try await client.connection.whenState(.failed)
        #expect(client.connection.errorReason?.code.rawValue == Int(code))
        #expect(client.connection.id == nil)
      }
    }
  }

  @Test(
    "RTN14b: a token error instead of CONNECTED is cured by another token, in ERROR and in DISCONNECTED",
    arguments: [6, 9] as [JSONValue])
  func tokenError(action: JSONValue) async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector(.instead(of: 4, [["action": action, "error": Self.error(40142, 401)]]))
      try await desk.connected(desk.tokenOptions(), transport: faults) { client in
        #expect(faults.sockets.count == 2)
        #expect(faults.sockets[0].request.target != faults.sockets[1].request.target)
        #expect(client.connection.errorReason == nil)
      }
    }
  }

  @Test("RTN14d: after a refusal the next attempt succeeds when its time has come")
  func refused() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector(.refuse(.failed(HTTPFailure(.refused, ""))))
      try await run(desk.options(), faults) { client, clock in
        try await client.connection.whenState(.disconnected)
        clock.advance(by: .seconds(15))
        try await client.connection.whenState(.connected)
      }
    }
  }

  @Test("RTN14c: a service that opens the socket and says nothing is given up")
  func silent() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector(.instead(of: 4, []))
      try await run(desk.options(), faults) { client, clock in
        try await client.connection.whenState(.connecting)
        try await until(!faults.sockets.isEmpty)
        clock.advance(by: .seconds(10))
        try await client.connection.whenState(.disconnected)
        #expect(client.connection.errorReason?.statusCode == 408)
      }
    }
  }

  enum Break: CaseIterable {
    case cut, disconnected
  }

  @Test(
    "RTN15a, RTN15b, RTN15h3: what breaks is taken up again, with the same id and nothing lost",
    arguments: Break.allCases)
  func resume(how: Break) async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await desk.connected(desk.options(), transport: faults) { client in
        try await desk.connected(desk.options()) { other in
          let (id, key) = (client.connection.id, client.connection.key)
          let messages = client.channels["a"].subscribe()
          try await client.channels["a"].attach()
          let events = client.connection.events
          switch how {
          case .cut: faults.sockets[0].cut()
          case .disconnected: faults.sockets[0].inject(["action": 6, "error": Self.error(80003, 503)])
          }
          try await other.channels["a"].publish(name: "meanwhile", data: nil)
          #expect(await Self.states(events, 3) == [.disconnected, .connecting, .connected])
          #expect(client.connection.id == id)
          let resumed = PercentEncoding.form([(name: "resume", value: try #require(key))])
          #expect(faults.sockets[1].request.target.contains(resumed))
          #expect(client.connection.errorReason == nil)
          for try await message in messages.prefix(1) { #expect(message.name == "meanwhile") }
        }
      }
    }
  }

  @Test("RTN15c7: a connection that cannot be taken up is another one, and says why")
  func failedResume() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      faults.plan(.change { _ in })
      try await desk.connected(desk.options(), transport: faults) { client in
        let id = client.connection.id
        faults.plan(
          .change { request in
            guard let range = request.target.firstRange(of: "resume=") else { return }
            request.target.insert("x", at: range.upperBound)
          })
        let events = client.connection.events
        faults.sockets[0].cut()
        #expect(await Self.states(events, 3) == [.disconnected, .connecting, .connected])
        #expect(client.connection.id != id)
        #expect(client.connection.errorReason != nil)
      }
    }
  }

  @Test("RTN15h1: a token error without means to renew is FAILED with 40171")
  func noMeans() async throws {
    try await LoopbackDesk.open { desk in
      let token = try await RESTClient(options: desk.options()).auth.requestToken()
      let faults = FaultInjector()
      let options = try desk.options {
        $0.key = nil
        $0.tokenDetails = token
      }
      try await desk.connected(options, transport: faults) { client in
        faults.sockets[0].inject(["action": 6, "error": Self.error(40142, 401)])
        try await client.connection.whenState(.failed)
        #expect(client.connection.errorReason?.code == .noMeansToRenew)
        #expect(client.connection.errorReason?.cause?.code == .tokenExpired)
      }
    }
  }

  @Test("RTN15j: an ERROR on a connection is FAILED, and its channels with it")
  func fatalLater() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await desk.connected(desk.options(), transport: faults) { client in
        try await client.channels["a"].attach()
        faults.sockets[0].inject(["action": 9, "error": Self.error(40000, 400)])
        try await client.connection.whenState(.failed)
        #expect(client.channels["a"].state == .failed)
      }
    }
  }

  @Test("RTN19a, RTN7a: what was not confirmed is sent again after a break, and published once")
  func resend() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await desk.connected(desk.options(), transport: faults) { client in
        let messages = client.channels["a"].subscribe()
        try await client.channels["a"].attach()
        faults.sockets[0].swallow(1)
        async let published = client.channels["a"].publish(name: "once", data: nil)
        for try await _ in messages.prefix(1) {}
        faults.sockets[0].cut()
        _ = try await published
        try await client.channels["a"].publish(name: "then", data: nil)
        let history = try await client.channels["a"].history(direction: .forwards)
        #expect(history.items.map(\.name) == ["once", "then"])
      }
    }
  }

  @Test("RTN16d, RTN16g, RTN16k: another client takes the connection up with its recovery key")
  func recover() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await desk.connected(desk.options(), transport: faults) { first in
        try await first.channels["é"].attach()
        let (id, key) = (first.connection.id, try #require(first.connection.createRecoveryKey()))
        faults.plan(.refuse(.failed(HTTPFailure(.tls, ""))))
        faults.sockets[0].cut()
        try await desk.connected(desk.options { $0.recover = key }) { second in
          #expect(second.connection.id == id)
          #expect(second.connection.errorReason == nil)
        }
      }
    }
  }

  @Test("RTN16l: a recovery key that the service does not know is a new connection with the reason")
  func failedRecovery() async throws {
    try await LoopbackDesk.open { desk in
      let key = #"{"connectionKey":"nobody!knows","msgSerial":3,"channelSerials":{}}"#
      try await desk.connected(desk.options { $0.recover = key }) { client in
        #expect(client.connection.id != nil)
        #expect(client.connection.errorReason != nil)
        try await client.channels["a"].publish(name: "n", data: nil)
      }
    }
  }

  @Test("RTN23a: a connection on which the service falls silent is given up, and taken up again")
  func starved() async throws {
    try await LoopbackDesk.open { desk in
      let faults = FaultInjector()
      try await run(desk.options(), faults) { client, clock in
        try await client.connection.whenState(.connected)
        let id = client.connection.id
        let events = client.connection.events
        clock.advance(by: .seconds(26))
        #expect(await Self.states(events, 3) == [.disconnected, .connecting, .connected])
        #expect(client.connection.id == id)
        #expect(faults.sockets.count == 2)
      }
    }
  }
}
