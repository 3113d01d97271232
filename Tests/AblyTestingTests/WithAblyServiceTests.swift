internal import AblyAuth
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import Synchronization
internal import TestSupport
internal import Testing

@Suite struct WithAblyServiceTests {
  private struct Failure: Error, Equatable {}

  private final class Flag: Sendable {
    private let state = Locked(false)
    var isRaised: Bool { state.withLock(\.self) }
    func raise() { state.withLock { $0 = true } }
  }

  @Test("without a port a client publishes and reads, in both formats", arguments: [true, false])
  func inProcess(isBinary: Bool) async throws {
    try await withAblyService { service in
      #expect(service.address == nil)
      var options = service.options
      options.useBinaryProtocol = isBinary
      options.useTokenAuth = true
      options.clientId = "bob"
      let channel = try service.client(options).channel("chat:lobby")
      try await channel.publish(name: "bytes", data: .binary([0, 255]))
      let newest = try #require(try await channel.history().items.first)
      #expect(newest.data == .binary([0, 255]))
      #expect(newest.clientId == "bob")
    }
  }

  @Test("with a port a client with a transport of its own does", arguments: [true, false])
  func listening(isBinary: Bool) async throws {
    try await withAblyService(listening: true) { service in
      #expect(try #require(service.address).port > 0)
      var options = service.options
      options.useBinaryProtocol = isBinary
      let channel = try RESTClient(options: options).channel("x")
      try await channel.publish(name: "n", data: "d")
      // Both ways lead to one service.
      #expect(try await service.client().channel("x").history().items.count == 1)
    }
  }

  @Test(
    "clients have a minute for what a slow machine takes long for, where the test gives them no other time")
  func patience() async throws {
    try await withAblyService { service in
      let options = service.options
      #expect(options.httpOpenTimeout == .seconds(60))
      #expect(options.httpRequestTimeout == .seconds(60))
      #expect(options.realtimeRequestTimeout == .seconds(60))
      var own = ClientOptions(key: service.key)
      own.httpOpenTimeout = .seconds(1)
      own.httpRequestTimeout = .seconds(2)
      own.realtimeRequestTimeout = .seconds(3)
      own = service.options(own)
      #expect(own.httpOpenTimeout == .seconds(1))
      #expect(own.httpRequestTimeout == .seconds(2))
      #expect(own.realtimeRequestTimeout == .seconds(3))
    }
    try await withAblyService(clock: ManualClock()) { service in
      let options = service.options(with: TokenDetails(token: "t"))
      #expect(options.httpRequestTimeout == .seconds(60))
      #expect(options.realtimeRequestTimeout == .seconds(10))
    }
  }

  @Test("what the body gives or throws comes out", arguments: [true, false])
  func results(listening: Bool) async throws {
    #expect(try await withAblyService(listening: listening) { _ in 7 } == 7)
    await #expect(throws: Failure()) {
      try await withAblyService(listening: listening) { _ in throw Failure() }
    }
  }

  @Test("a client that holds a token alone is bound by it")
  func tokens() async throws {
    try await withAblyService { service in
      let token = try await service.token(TokenParams(capability: ["a": [.publish]], clientId: "eve"))
      let client = try service.client(service.options(with: token))
      try await client.channel("a").publish(name: "n", data: "d")
      let error = await #expect(throws: ErrorInfo.self) {
        try await client.channel("b").publish(name: "n", data: "d")
      }
      #expect(error?.code == .capabilityDenied)
    }
  }

  @Test("RSA4b: a token expires on command, the client renews it and goes on")
  func expires() async throws {
    try await withAblyService { service in
      var options = service.options
      options.useTokenAuth = true
      let client = try service.client(options)
      let first = try await client.auth.authorize()
      service.expire(first)
      try await client.channel("x").publish(name: "n", data: "d")
      #expect(try #require(client.auth.tokenDetails).token != first.token)
      let bare = try service.client(service.options(with: first))
      let error = await #expect(throws: ErrorInfo.self) { try await bare.channel("x").history() }
      #expect(error?.cause?.code == .tokenExpired || error?.code == .tokenExpired)
    }
  }

  @Test("tokens are revoked on command, also those of the same millisecond; later ones work")
  func revokes() async throws {
    try await withAblyService { service in
      func history(_ token: TokenDetails) async throws {
        _ = try await service.client(service.options(with: token)).channel("x").history()
      }
      let bob = TokenParams(clientId: "bob")
      let revoked = try await service.token(bob, of: service.revocableKey)
      try await history(revoked)
      try await service.revoke(.clientId("bob"))
      let error = await #expect(throws: ErrorInfo.self) { try await history(revoked) }
      #expect(error?.cause?.code == .tokenRevoked || error?.code == .tokenRevoked)
      try await history(try await service.token(bob, of: service.revocableKey))
      let refusal = await #expect(throws: ErrorInfo.self) {
        try await service.revoke(TokenRevocationTargetSpecifier(type: "colour", value: "red"))
      }
      #expect(refusal?.code == .badRequest)
    }
  }

  @Test("RSA17: revoking moves no clock, and leaves what is issued afterwards alone")
  func revokesInPlace() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      let client = try service.client()
      let time = try await client.time()
      let bob = TokenParams(clientId: "bob")
      let jwt = try AblyJWTSigner(key: service.revocableKey).mint(
        AblyJWT.Claims(ttl: .seconds(60), clientId: "bob", issuedAt: time), keyIsRevocable: true)
      let tokens = [try await service.token(bob, of: service.revocableKey), TokenDetails(token: jwt.token)]
      for _ in 0..<3 { try await service.revoke(.clientId("bob")) }
      #expect(try await client.time() == time)
      for token in tokens {
        await #expect(throws: ErrorInfo.self) {
          try await service.client(service.options(with: token)).channel("x").history()
        }
      }
      let next = try await service.token(bob, of: service.revocableKey)
      _ = try await service.client(service.options(with: next)).channel("x").history()
    }
  }

  @Test("a delay passes by a manual clock", .endsAtLast)
  func delay() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      service.add(faults: FaultRule(.request(), .delay(milliseconds: 3_600_000), times: 1))
      let isAnswered = Flag()
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          let request = HTTPRequest(method: .get, scheme: "https", authority: "h", path: "/time")
          _ = try await service.transport.send(
            request, body: [], limits: HTTPLimits(timeout: .seconds(1_000_000_000), maximumBodySize: 100))
          isAnswered.raise()
        }
        tasks.addTask {
          while !isAnswered.isRaised {
            clock.advance(by: .seconds(3600))
            await Task.yield()
          }
        }
        try await tasks.waitForAll()
      }
    }
  }

  @Test("a delay that is longer than the client waits is a timeout, by the manual clock too", .endsAtLast)
  func delayBeyondLimit() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      service.add(faults: FaultRule(.request(), .delay(milliseconds: 1_000_000_000_000), times: 1))
      let isOver = Flag()
      let passing = Task {
        while !isOver.isRaised {
          clock.advance(by: .seconds(60))
          await Task.yield()
        }
      }
      var options = service.options
      options.httpRequestTimeout = .seconds(59)
      let client = try service.client(options)
      let error = await #expect(throws: ErrorInfo.self) { try await client.time() }
      isOver.raise()
      await passing.value
      #expect(error?.code == .timeout)
      _ = try await client.time()
    }
  }

  @Test("a request whose task is cancelled while it waits ends at once", .endsAtLast)
  func cancelledDelay() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      service.add(faults: FaultRule(.request(), .delay(milliseconds: 3_600_000), times: 1))
      let asking = Task {
        try await service.transport.send(
          HTTPRequest(method: .get, scheme: "https", authority: "h", path: "/time"), body: [],
          limits: HTTPLimits(timeout: .seconds(1), maximumBodySize: 100))
      }
      // The service itself waits as well, for what comes due.
      try await until(clock.sleeperCount > 1)
      asking.cancel()
      let result = await asking.result
      let failure = #expect(throws: HTTPFailure.self) { try result.get() }
      #expect(failure?.reason == .cancelled)
    }
  }

  @Test("a manual clock decides when tokens end")
  func manualClock() async throws {
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      let token = try await service.token(TokenParams(ttl: .seconds(60)))
      let client = try service.client(service.options(with: token))
      clock.advance(by: .seconds(59))
      _ = try await client.channel("x").history()
      clock.advance(by: .seconds(1))
      await #expect(throws: ErrorInfo.self) { try await client.channel("x").history() }
    }
  }

  @Test("RSA9d: a client of a skewed service is refused until it asks for the time")
  func skew() async throws {
    try await withAblyService { service in
      service.skewClock(by: .seconds(-600))
      var options = service.options
      options.useTokenAuth = true
      let wrong = try service.client(options)
      let error = await #expect(throws: ErrorInfo.self) { try await wrong.auth.authorize() }
      #expect(error?.code == .timestampOutsideWindow)
      options.queryTime = true
      _ = try await service.client(options).auth.authorize()
    }
  }

  @Test("what service and clients log is captured, and holds no secret")
  func logs() async throws {
    for listening in [true, false] {
      try await withAblyService(listening: listening) { service in
        var options = service.options
        options.useTokenAuth = true
        let client = listening ? try RESTClient(options: options) : try service.client(options)
        let token = try await client.auth.authorize()
        _ = try await client.channel("x").history()
        #expect(service.log.contains("answered"))
        #expect(service.log.contains("path=/channels/x/messages"))
        #expect(!service.log.contains(token.token))
        #expect(!service.log.contains(service.key.revealed()))
        #expect(!service.log.contains(String(service.key.revealed().suffix(43))))
      }
    }
  }

  @Test("other keys can be brought along")
  func keys() async throws {
    let own = try ServiceKey(APIKey("myApp.myKey:mySecret"), capabilityText: #"{"a":["publish"]}"#)
    try await withAblyService(keys: [own]) { service in
      let token = try await service.token(of: own.key)
      #expect(token.capabilityText == #"{"a":["publish"]}"#)
    }
  }

  @Test("an answer over the client's limit, a body over the service's and a cancelled task")
  func limits() async throws {
    try await withAblyService { service in
      let request = HTTPRequest(method: .get, scheme: "https", authority: "h", path: "/time")
      let failure = await #expect(throws: HTTPFailure.self) {
        try await service.transport.send(
          request, body: [], limits: HTTPLimits(timeout: .seconds(1), maximumBodySize: 3))
      }
      #expect(failure?.reason == .tooLarge)
      let large = try await service.transport.send(
        request, body: [UInt8](repeating: 0, count: 600_000),
        limits: HTTPLimits(timeout: .seconds(1), maximumBodySize: 10_000))
      #expect(large.response.status.code == 413)
      let cancelled = await withTaskGroup(of: HTTPFailure.Reason?.self) { tasks in
        tasks.addTask {
          withUnsafeCurrentTask { $0?.cancel() }
          do throws(HTTPFailure) {
            _ = try await service.transport.send(
              request, body: [], limits: HTTPLimits(timeout: .seconds(1), maximumBodySize: 100))
            return nil
          } catch { return error.reason }
        }
        return await tasks.next() ?? nil
      }
      #expect(cancelled == .cancelled)
    }
  }
}
