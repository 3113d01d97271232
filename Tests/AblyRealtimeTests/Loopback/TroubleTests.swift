internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Over sockets: sources of tokens that fail, hosts and networks that go", .endsAtLast)
struct TroubleTests {
  /// Somebody who gets tokens, unless told to fail.
  private struct Scene {
    let desk: LoopbackDesk
    let client: RealtimeClient
    let faults: FaultInjector
    let clock: ManualClock
    let failure: Failure

    var connection: Connection { client.connection }
  }

  private final class Failure: Sendable {
    private let error: Locked<ErrorInfo?>

    init(_ error: ErrorInfo?) { self.error = Locked(error) }

    func set(_ new: ErrorInfo?) { error.withLock { $0 = new } }

    func happen() throws(ErrorInfo) { if let error = error.withLock({ $0 }) { throw error } }
  }

  private static let down = ErrorInfo(.internalError, "the auth server is down", statusCode: 500)
  private static let forbidden = ErrorInfo(.forbidden, "not you", statusCode: 403)

  private func run(
    _ faults: FaultInjector = FaultInjector(), failing error: ErrorInfo? = nil,
    _ adjust: (inout ClientOptions, LoopbackDesk) throws -> Void = { _, _ in },
    _ body: (Scene) async throws -> Void
  ) async throws {
    try await LoopbackDesk.open { desk in
      let (failure, clock) = (Failure(error), ManualClock(Date()))
      let server = try RESTClient(options: desk.options())
      let options = try desk.options {
        $0.key = nil
        $0.authCallback = { params in
          try failure.happen()
          return .tokenDetails(try await server.auth.requestToken(params))
        }
        try adjust(&$0, desk)
      }
      let client = try RealtimeClient(
        options: options, transport: faults, httpTransport: nil,
        surroundings: Surroundings(clock: clock.hostClock, jitter: { 1 }))
      try await client.running {
        try await body(Scene(desk: desk, client: client, faults: faults, clock: clock, failure: failure))
      }
    }
  }

  @Test("RTC8b: authorize while CONNECTING gives the attempt up for one with the new token")
  func authorizeWhileConnecting() async throws {
    try await run(FaultInjector(.instead(of: 4, []))) { scene in
      try await until(!scene.faults.sockets.isEmpty)
      #expect(scene.connection.state == .connecting)
      let events = scene.connection.events
      let token = try await scene.client.auth.authorize().token
      #expect(scene.connection.state == .connected)
      for await change in events.prefix(1) { #expect(change.current == .connected) }
      let used = PercentEncoding.form([(name: "accessToken", value: token)])
      #expect(scene.faults.sockets.count == 2)
      #expect(scene.faults.sockets.last?.request.target.contains(used) == true)
    }
  }

  @Test("RSA4c2, RSA4c1: no token while CONNECTING is DISCONNECTED with 80019, and tried again")
  func noTokenWhileConnecting() async throws {
    try await run(failing: Self.down) { scene in
      try await scene.connection.whenState(.disconnected)
      #expect(scene.connection.errorReason?.code.rawValue == 80019)
      #expect(scene.connection.errorReason?.statusCode == 401)
      #expect(scene.faults.sockets.isEmpty)
      scene.failure.set(nil)
      scene.clock.advance(by: .seconds(15))
      try await scene.connection.whenState(.connected)
    }
  }

  @Test("RSA4c3: no token while CONNECTED is told, and the connection stays")
  func noTokenWhileConnected() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let id = scene.connection.id
      scene.failure.set(Self.down)
      scene.faults.sockets[0].inject(["action": 17])
      try await until(scene.connection.errorReason != nil)
      #expect(scene.connection.errorReason?.code.rawValue == 80019)
      try await scene.connection.ping()
      #expect(scene.connection.state == .connected)
      #expect(scene.connection.id == id)
    }
  }

  @Test(
    "RSA4d: a source that says 403 ends it, while CONNECTING and while CONNECTED", arguments: [false, true])
  func forbidden(connects: Bool) async throws {
    try await run(failing: connects ? nil : Self.forbidden) { scene in
      if connects {
        try await scene.connection.whenState(.connected)
        scene.failure.set(Self.forbidden)
        scene.faults.sockets[0].inject(["action": 17])
      }
      try await scene.connection.whenState(.failed)
      #expect(scene.connection.errorReason?.code.rawValue == 80019)
      #expect(scene.connection.errorReason?.statusCode == 403)
      #expect(scene.connection.errorReason?.cause?.code == .forbidden)
    }
  }

  @Test("RTN15c5: a token error on a resume is cured by another token, and the connection goes on")
  func tokenErrorOnResume() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let id = scene.connection.id
      let expired: JSONValue = ["code": 40142, "statusCode": 401, "message": "it has ended"]
      scene.faults.plan(.instead(of: 4, [["action": 9, "error": expired]]))
      let events = scene.connection.events
      scene.faults.sockets[0].cut()
      var states: [ConnectionState] = []
      for await change in events.prefix(3) { states.append(change.current) }
      #expect(states == [.disconnected, .connecting, .connected])
      #expect(scene.connection.id == id)
      #expect(scene.faults.sockets.count == 3)
      #expect(scene.faults.sockets.dropFirst().allSatisfy { $0.request.target.contains("resume=") })
    }
  }

  @Test(
    "RTN17f, RTN17j, RTN17h: a host that cannot be reached is replaced by another, where there is a network")
  func fallback() async throws {
    let faults = FaultInjector(.refuse(.failed(HTTPFailure(.refused, ""))))
    try await run(
      faults, failing: nil,
      { options, desk in
        options.fallbackHosts = ["localhost"]
        // Whatever answers with a yes shows that there is a network.
        let token = try AblyJWTSigner(key: APIKey(LoopbackDesk.key)).mint(AblyJWT.Claims()).token
        options.connectivityCheckURL =
          "http://127.0.0.1:\(desk.address.port)/channels/yes?accessToken=\(token)"
      }
    ) { scene in
      try await scene.connection.whenState(.connected)
      #expect(scene.faults.sockets.map(\.request.host) == ["127.0.0.1", "localhost"])
    }
  }

  @Test("RTN20a, RTN20b: a network that is gone disconnects, and one that is back connects at once")
  func network() async throws {
    try await run { scene in
      try await scene.connection.whenState(.connected)
      let (id, events) = (scene.connection.id, scene.connection.events)
      scene.connection.networkChanged(isAvailable: false)
      scene.connection.networkChanged(isAvailable: true)
      var states: [ConnectionState] = []
      for await change in events {
        states.append(change.current)
        if change.current == .connected { break }
      }
      #expect(states == [.disconnected, .connecting, .connected])
      #expect(scene.connection.id == id)
    }
  }

  @Test("RTC1a: without echo a client does not get what it published itself")
  func echo() async throws {
    try await run(FaultInjector(), failing: nil, { options, _ in options.echoMessages = false }) { scene in
      try await scene.connection.whenState(.connected)
      let channel = scene.client.channels["a"]
      let messages = channel.subscribe()
      try await channel.attach()
      try await channel.publish(name: "own", data: nil)
      try await scene.client.rest.channel("a").publish(name: "other", data: nil)
      for try await message in messages.prefix(1) { #expect(message.name == "other") }
    }
  }
}
