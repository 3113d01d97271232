internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("Renewal")
struct RenewalTests {
  static func refusal(_ code: Int, status: Int = 401) -> HTTPReply {
    .json(
      ["error": ["code": .number(JSONNumber(code)), "statusCode": .number(JSONNumber(status))]],
      status: status)
  }

  static func bearer(_ token: String) -> String { "Bearer \(Base64.standard.encode(token.utf8))" }

  /// A service that takes some tokens only.
  static func service(takes good: @escaping @Sendable (String) -> Bool, else code: Int = 40142)
    -> StubTransport
  {
    StubTransport { sent throws(HTTPFailure) in
      if sent.path == "/time" { return .time }
      return sent["Authorization"].map(good) == true ? .json([]) : refusal(code)
    }
  }

  static func numbered(_ calls: Mutexed<Int>, expires: Date? = nil) -> AuthCallback {
    { _ in
      let number = calls.withLock {
        $0 += 1; return $0
      }
      return .tokenDetails(TokenDetails(token: "token-\(number)", expires: expires))
    }
  }

  @Test(
    "RSA4b, RSC10, RSA16c: a refused token is renewed once, and the request sent again with the new one",
    arguments: [40140, 40141, 40142, 40143, 40144, 40145, 40149])
  func renews(code: Int) async throws {
    let calls = Mutexed(0)
    let transport = Self.service(takes: { $0 == Self.bearer("token-2") }, else: code)
    let client = try AuthCallbackTests.client(transport, callback: Self.numbered(calls))
    try await client.channel("c").publish(name: "n", data: "d")
    #expect(transport.sent.map { $0["Authorization"] } == ["token-1", "token-2"].map(Self.bearer))
    #expect(transport.sent[0].line == transport.sent[1].line)
    #expect(transport.sent[0].body == transport.sent[1].body)
    #expect(client.auth.tokenDetails?.token == "token-2")
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(calls.withLock { $0 } == 2)
  }

  static let others: [(code: Int, status: Int)] = [
    (40100, 401), (40101, 401), (40139, 401), (40150, 401), (40160, 401), (40142, 403), (40300, 403),
  ]

  @Test("RSC10: another refusal is no token error, and nothing is renewed", arguments: others)
  func otherRefusal(code: Int, status: Int) async throws {
    let calls = Mutexed(0)
    let transport = StubTransport(Self.refusal(code, status: status))
    let client = try AuthCallbackTests.client(transport, callback: Self.numbered(calls))
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code.rawValue == code)
    #expect(transport.sent.count == 1)
    #expect(calls.withLock { $0 } == 1)
    #expect(client.auth.tokenDetails?.token == "token-1")
  }

  @Test("RSA4b: a second refusal is the result; the token is dropped, and the next request tries anew")
  func once() async throws {
    let calls = Mutexed(0)
    let transport = StubTransport(Self.refusal(40142))
    let client = try AuthCallbackTests.client(transport, callback: Self.numbered(calls))
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .tokenExpired)
    #expect(transport.sent.count == 2)
    #expect(calls.withLock { $0 } == 2)
    #expect(client.auth.tokenDetails == nil, "RSA16d")
    _ = try? await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.count == 4)
  }

  @Test("RSA4b, RSA16d: a renewal that fails is the result")
  func renewalFails() async throws {
    let calls = Mutexed(0)
    let client = try AuthCallbackTests.client(StubTransport(Self.refusal(40142))) { _ in
      guard
        calls.withLock({
          $0 += 1; return $0 == 1
        })
      else { throw ErrorInfo(.forbidden, "no more") }
      return .token("t")
    }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .forbidden)
    #expect(client.auth.tokenDetails == nil)
  }

  @Test(
    "RSA4a2, RSA4a, RSA4b1: without means it is 40171 with the refusal as cause, and nothing is sent again",
    arguments: [
      TokenDetails(token: "t"), TokenDetails(token: "t", expires: Sample.now + 60),
      // By this machine's clock, which may be wrong.
      TokenDetails(token: "t", expires: Sample.now - 60),
    ])
  func noMeans(token: TokenDetails) async throws {
    let transport = StubTransport(Self.refusal(40142))
    let client = try RESTClient(
      options: ClientOptions(tokenDetails: token), transport: transport, clock: .stopped())
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .noMeansToRenew)
    #expect(error?.statusCode == 401)
    #expect(error?.cause?.code == .tokenExpired)
    #expect(error?.remedy?.contains("authCallback") == true)
    #expect(transport.sent.count == 1)
    #expect(client.auth.tokenDetails == nil, "RSA16d")
  }

  @Test("RSA2, RSC10: a key is not renewed")
  func basic() async throws {
    let transport = StubTransport(Self.refusal(40142))
    let client = try RESTClient.stubbed(transport)
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .tokenExpired)
    #expect(transport.sent.count == 1)
  }

  @Test("RSA4b, RSA4g: a token and a key: the token first, then one obtained with the key")
  func tokenThenKey() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      if sent.path.hasSuffix("/requestToken") { return .token }
      return sent["Authorization"] == Self.bearer("obtained-token") ? .json([]) : Self.refusal(40142)
    }
    let client = try RESTClient.stubbed(transport) { $0.token = "given" }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(
      transport.sent.map(\.path) == [
        "/channels/c/messages", "/keys/appId.keyId/requestToken", "/channels/c/messages",
      ])
  }

  @Test("RSA4b: and by an authURL")
  func byURL() async throws {
    let answers = Mutexed(0)
    let transport = StubTransport { sent throws(HTTPFailure) in
      guard sent.authority == "auth.example" else {
        return sent["Authorization"] == Self.bearer("t2") ? .json([]) : Self.refusal(40140)
      }
      return .text("t\(answers.withLock { $0 += 1; return $0 })", type: "text/plain")
    }
    let client = try RESTClient(options: AuthURLTests.options(), transport: transport)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(answers.withLock { $0 } == 2)
  }

  @Test("RSA4b1: with a known offset an expired token is renewed before it is sent")
  func knownExpiry() async throws {
    let calls = Mutexed(0)
    let server = Date(timeIntervalSince1970: Double(HTTPReply.serverTime) / 1000)
    let transport = Self.service(takes: { _ in true })
    let client = try AuthCallbackTests.client(
      transport, callback: Self.numbered(calls, expires: server))
    try await client.auth.authorize()
    _ = try await client.auth.createTokenRequest(options: AuthOptions(key: Sample.key, queryTime: true))
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.map { $0["Authorization"] } == [nil, Self.bearer("token-2")])
  }

  static let unexpired: [(offset: TimeInterval, queried: Bool)] = [(1, true), (-1e9, false), (1e9, false)]

  @Test("RSA4b1: one that has not ended, or of which nobody can know, is sent", arguments: unexpired)
  func unknownExpiry(offset: TimeInterval, queried: Bool) async throws {
    let calls = Mutexed(0)
    let server = Date(timeIntervalSince1970: Double(HTTPReply.serverTime) / 1000)
    let transport = Self.service(takes: { _ in true })
    let client = try AuthCallbackTests.client(
      transport, callback: Self.numbered(calls, expires: server + offset))
    try await client.auth.authorize()
    if queried {
      _ = try await client.auth.createTokenRequest(options: AuthOptions(key: Sample.key, queryTime: true))
    }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(transport.sent.last?["Authorization"] == Self.bearer("token-1"))
    #expect(calls.withLock { $0 } == 1)
  }

  @Test("RSA4b, RSC10: thousands whose token is refused at once share one renewal")
  func shared() async throws {
    let calls = Mutexed(0)
    let transport = Self.service(takes: { $0 == Self.bearer("token-2") })
    let client = try AuthCallbackTests.client(transport, callback: Self.numbered(calls))
    try await client.auth.authorize()
    try await withThrowingTaskGroup { group in
      for _ in 0..<4000 {
        group.addTask { try await client.channel("c").publish(name: "n", data: nil) }
      }
      try await group.waitForAll()
    }
    #expect(calls.withLock { $0 } == 2)
    #expect(transport.sent.count { $0["Authorization"] == Self.bearer("token-2") } == 4000)
  }

  @Test("authorize, renewals, failures and cancellations at once: every call completes, one token is left")
  func storm() async throws {
    let calls = Mutexed(0)
    let client = try AuthCallbackTests.client(Self.service(takes: { $0.hashValue % 3 != 0 })) { _ in
      let number = calls.withLock {
        $0 += 1; return $0
      }
      await Task.yield()
      guard number % 5 != 0 else { throw ErrorInfo(.forbidden, "unlucky") }
      return .token("token-\(number)")
    }
    let completed = await withTaskGroup(of: Int.self) { group in
      for index in 0..<2000 {
        group.addTask {
          let task = Task {
            if index % 7 == 0 {
              try await client.auth.authorize(TokenParams(ttl: .seconds(index + 1)))
            } else {
              try await client.channel("c").publish(name: "n", data: nil)
            }
          }
          if index % 11 == 0 { task.cancel() }
          _ = await task.result
          return 1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(completed == 2000)
    while (try? await client.auth.authorize()) == nil {}
    #expect(client.auth.tokenDetails?.token == "token-\(calls.withLock { $0 })")
  }

  @Test("auth.events tells what happens to the token")
  func events() async throws {
    let calls = Mutexed(0)
    let failure = ErrorInfo(.forbidden, "no")
    let expires = Date(timeIntervalSince1970: 2_000_000_000)
    var events: AuthEvents.AsyncIterator
    do {
      let client = try AuthCallbackTests.client(Self.service(takes: { $0 == Self.bearer("token-2") })) { _ in
        let number = calls.withLock {
          $0 += 1; return $0
        }
        guard number < 3 else { throw failure }
        return .tokenDetails(TokenDetails(token: "token-\(number)", expires: number == 2 ? expires : nil))
      }
      events = client.auth.events.makeAsyncIterator()
      try await client.channel("c").publish(name: "n", data: nil)
      await #expect(throws: ErrorInfo.self) { try await client.auth.authorize() }
    }
    var seen: [AuthEvent] = []
    while let event = await events.next() { seen.append(event) }
    #expect(
      seen == [
        .renewing, .renewed(expires: nil), .renewing, .renewed(expires: expires), .renewing,
        .failed(failure, willRetry: false),
      ])
  }

  @Test("RSA15a: a literal token of somebody else is an event: failed, with 40102")
  func refusedLiteral() async throws {
    var options = AuthOptions()
    options.tokenDetails = TokenDetails(token: "t", clientId: "eve")
    let given = options
    var events: AuthEvents.AsyncIterator
    do {
      let client = try AuthCallbackTests.client(StubTransport(.json([]))) {
        $0.clientId = "bob"
      } callback: { _ in
        .token("t")
      }
      events = client.auth.events.makeAsyncIterator()
      await #expect(throws: ErrorInfo.self) { try await client.auth.authorize(options: given) }
    }
    let event = await events.next()
    guard case .failed(let error, willRetry: false)? = event else {
      Issue.record("not failed: \(String(describing: event))")
      return
    }
    #expect(error.code == .incompatibleCredentials)
    let last = await events.next()
    #expect(last == nil)
  }
}
