internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("authCallback")
struct AuthCallbackTests {
  static let jwt = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"
  static let details = TokenDetails(
    token: "appId.tok", issued: Date(timeIntervalSince1970: 1_700_000_000),
    expires: Date(timeIntervalSince1970: 1_700_003_600), capabilityText: #"{"*":["*"]}"#, clientId: "bob")

  static func client(
    _ transport: StubTransport, _ adjust: (inout ClientOptions) -> Void = { _ in },
    callback: @escaping AuthCallback
  ) throws(ErrorInfo) -> RESTClient {
    var options = ClientOptions(authCallback: callback)
    adjust(&options)
    return try RESTClient(options: options, transport: transport, clock: .stopped())
  }

  static let answers: [(AuthAnswer, TokenDetails)] = [
    (.token("appId.tok"), TokenDetails(token: "appId.tok")),
    (.token(jwt), TokenDetails(token: jwt)),
    (.tokenDetails(details), details),
    (.json(["token": "appId.tok", "clientId": "bob"]), TokenDetails(token: "appId.tok", clientId: "bob")),
  ]

  @Test(
    "RSA8d, RSA8g, AO2b, RSA4, RSA16a, RSA16b, TO3j5, TD7: a token of any form is used as it is",
    arguments: answers
  )
  func token(answer: AuthAnswer, details: TokenDetails) async throws {
    let transport = StubTransport(.json([]))
    let client = try Self.client(transport) { _ in answer }
    #expect(client.auth.tokenDetails == nil, "RSA16d")
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.map(\.path) == ["/channels/c/messages"])
    #expect(transport.sent[0]["Authorization"] == "Bearer \(Base64.standard.encode(details.token.utf8))")
    #expect(client.auth.tokenDetails == details)
    #expect(client.auth.clientId == details.clientId, "RSA7b2")
  }

  @Test("RSA8d, RSA8a, TE6: a token request is exchanged, unchanged", arguments: [false, true])
  func request(asJSON: Bool) async throws {
    let transport = StubTransport(.token, .json([]))
    let request = try TokenRequestSigner(key: APIKey(Sample.key)).sign(
      TokenParams(ttl: .seconds(60), clientId: "bob"), at: Sample.now)
    let client = try Self.client(transport) { _ in
      asJSON ? .json(try JSONValue(parsing: request.jsonText)) : .tokenRequest(request)
    }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.map(\.path) == ["/keys/appId.keyId/requestToken", "/channels/c/messages"])
    #expect(try transport.sent[0].json == JSONValue(parsing: request.jsonText))
    #expect(transport.sent[0]["Authorization"] == nil)
    #expect(client.auth.tokenDetails?.token == "obtained-token")
  }

  @Test("RSA8d, RSA12a, RSA7d: it gets the parameters, with the client's own id")
  func params() async throws {
    let seen = Mutexed<[TokenParams]>([])
    let client = try Self.client(StubTransport(.json([]))) {
      $0.clientId = "bob"
      $0.defaultTokenParams = TokenParams(ttl: .seconds(60), clientId: "alice", nonce: "once")
    } callback: { params in
      seen.withLock { $0.append(params) }
      return .token("t")
    }
    try await client.channel("c").publish(name: "n", data: nil)
    _ = try await client.auth.requestToken(TokenParams(capability: ["a": [.publish]]))
    #expect(
      seen.withLock { $0 } == [
        TokenParams(ttl: .seconds(60), clientId: "bob"), TokenParams(capability: ["a": [.publish]]),
      ])
  }

  static let unusable: [(AuthAnswer, String)] = [
    (.token(""), "empty"),
    (.token("null"), "null"),
    (.token("undefined"), "undefined"),
    (.token(#"{"token":"x"}"#), "JSON"),
    (.token(#""abc""#), "quotes"),
    (.token("a b"), "white space"),
    (.token("a\nb"), "white space"),
    (.token(String(repeating: "x", count: 131_073)), "128 KiB"),
    (.tokenDetails(TokenDetails(token: "")), "empty"),
    (.json(.null), "null"),
    (.json("abc"), "twice"),
    (.json(["abc"]), "object"),
    (.json([:]), "neither"),
    (.json(["token": 5]), "neither"),
    (.json(["keyName": "a.b"]), "neither"),
    (.json(["token": "t", "capability": .string(String(repeating: "x", count: 131_072))]), "128 KiB"),
  ]

  @Test(
    "RSA4e, RSA4f: what can be no token is 40170 with the reason, and nothing is sent", arguments: unusable)
  func refused(answer: AuthAnswer, reason: String) async throws {
    let transport = StubTransport(.json([]))
    let client = try Self.client(transport) { _ in answer }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == 401)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("abc") == false)
    #expect(transport.sent.isEmpty)
    #expect(client.auth.tokenDetails == nil)
  }

  struct Oops: Error, CustomStringConvertible {
    var description: String { "the session\nhas ended" }
  }

  @Test("RSA4e: an error of its own is 40170 with what it says, and the next request asks again")
  func fails() async throws {
    let transport = StubTransport(.json([]))
    let calls = Mutexed(0)
    let client = try Self.client(transport) { _ in
      guard
        calls.withLock({
          $0 += 1; return $0 > 1
        })
      else { throw Oops() }
      return .token("t")
    }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == 401)
    #expect(error?.message.contains("the session has ended") == true)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.count == 1)
  }

  @Test("RSA4e, RSA4d: an ErrorInfo passes through unchanged")
  func ownError() async throws {
    let thrown = ErrorInfo(.forbidden, "go away", statusCode: 403, requestId: "r")
    let client = try Self.client(StubTransport(.json([]))) { _ in throw thrown }
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize() }
    #expect(error == thrown)
  }

  @Test("RSA4e: a request that Ably refuses to exchange passes through, one that nobody answers is 40170")
  func exchangeFails() async throws {
    let request = try TokenRequestSigner(key: APIKey(Sample.key)).sign(TokenParams(), at: Sample.now)
    let refusing = StubTransport(.json(["error": ["code": 40105, "statusCode": 401]], status: 401))
    let refused = await #expect(throws: ErrorInfo.self) {
      try await Self.client(refusing) { _ in .tokenRequest(request) }.auth.requestToken()
    }
    #expect(refused?.code == .nonceReplayed)
    let dead = StubTransport { _ throws(HTTPFailure) in throw HTTPFailure(.refused, "") }
    let failed = await #expect(throws: ErrorInfo.self) {
      try await Self.client(dead) { _ in .tokenRequest(request) }.auth.requestToken()
    }
    #expect(failed?.code == .tokenRequestCallbackFailed)
    #expect(failed?.statusCode == 401)
    #expect(failed?.cause?.code == .connectionFailed)
  }

  /// A callback that ignores its cancellation, and answers when the gate opens.
  private func stubborn(_ stuck: Gate, _ returned: Gate) -> AuthCallback {
    { _ in
      await Task.detached {
        await stuck.pass()
        await returned.pass()
      }.value
      return .token("late")
    }
  }

  /// What came too late is dropped: a client that has moved on keeps what it has.
  private func expectLateIsDropped(
    _ client: RESTClient, _ stuck: Gate, _ returned: Gate, _ events: AuthEvents
  ) async throws {
    #expect(client.auth.tokenDetails == nil)
    returned.open()
    stuck.open()
    await returned.departures(1)
    // Nobody waits for the task that gives the token up, so it is let run before anything is said about it.
    for _ in 0..<1000 { await Task.yield() }
    #expect(client.auth.tokenDetails == nil)
    try await client.auth.authorize(options: AuthOptions(authCallback: { _ in .token("in-time") }))
    for _ in 0..<1000 { await Task.yield() }
    #expect(client.auth.tokenDetails?.token == "in-time")
    var seen: [AuthEvent] = []
    for await event in events {
      seen.append(event)
      if case .renewed = event { break }
    }
    #expect(seen.count { $0 == .renewing } == 2, "the late token is no renewal")
  }

  @Test("RSA4e, TO3l11: one that ignores its cancellation ends at the limit; what it returns late is dropped")
  func never() async throws {
    let (stuck, returned, limits) = (Gate(), Gate(), Mutexed(0))
    let client = try RESTClient(
      options: ClientOptions(authCallback: stubborn(stuck, returned)), transport: StubTransport(.json([])),
      clock: HostClock(
        now: { Sample.now }, uptime: { .zero },
        sleep: { _ in
          let number = limits.withLock { count in
            count += 1
            return count
          }
          // The first limit is reached once the callback hangs, later ones never.
          if number == 1 { await stuck.arrivals(1) } else { await Gate().pass() }
        }))
    let events = client.auth.events
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize() }
    #expect(error?.code == .tokenRequestCallbackFailed)
    #expect(error?.statusCode == 401)
    #expect(error?.cause?.code == .timeout)
    try await expectLateIsDropped(client, stuck, returned, events)
  }

  @Test("a cancelled caller does not wait for a callback that ignores it; what that returns is dropped")
  func cancelled() async throws {
    let (stuck, returned) = (Gate(), Gate())
    let client = try Self.client(StubTransport(.json([])), callback: stubborn(stuck, returned))
    let events = client.auth.events
    let caller = Task { try await client.auth.authorize() }
    await stuck.arrivals(1)
    caller.cancel()
    let result = await caller.result
    let error = #expect(throws: ErrorInfo.self) { try result.get() }
    #expect(error?.code == .operationCanceled)
    try await expectLateIsDropped(client, stuck, returned, events)
  }
}
