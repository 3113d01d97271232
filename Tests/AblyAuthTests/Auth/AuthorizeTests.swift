internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("authorize")
struct AuthorizeTests {
  /// Gives numbered tokens, and remembers what was asked.
  final class Source: Sendable {
    let asked = Mutexed<[TokenParams]>([])

    var callback: AuthCallback {
      { [asked] params in
        asked.withLock {
          $0.append(params)
          return .token("token-\($0.count)")
        }
      }
    }

    var params: [TokenParams] { asked.withLock { $0 } }
  }

  let source = Source()
  let transport = StubTransport { sent throws(HTTPFailure) in
    sent.path.hasSuffix("/requestToken") ? .token : .json([])
  }

  func client(_ adjust: (inout ClientOptions) -> Void = { _ in }) throws(ErrorInfo) -> RESTClient {
    var options = ClientOptions(authCallback: source.callback)
    adjust(&options)
    return try RESTClient(options: options, transport: transport, clock: .stopped())
  }

  @Test("RSA10a, RSA10f, RSA16c: a client with a key uses tokens from then on")
  func basicBecomesToken() async throws {
    let client = try RESTClient.stubbed(transport)
    let token = try await client.auth.authorize()
    #expect(token.token == "obtained-token")
    #expect(client.auth.tokenDetails == token)
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(
      transport.sent.map { $0["Authorization"] } == [
        nil, "Bearer \(Base64.standard.encode("obtained-token".utf8))",
      ])
  }

  @Test("RSA10a, AO2j: useTokenAuth false in the options does not bring Basic back")
  func tokensForGood() async throws {
    let client = try RESTClient.stubbed(transport)
    var options = try AuthOptions(key: Sample.key)
    options.useTokenAuth = false
    try await client.auth.authorize(options: options)
    #expect(client.auth.tokenDetails != nil)
  }

  @Test("RSA10a, RSA10j: each call obtains a new token, however good the old one is")
  func anew() async throws {
    let client = try client()
    #expect(try await client.auth.authorize().token == "token-1")
    #expect(try await client.auth.authorize().token == "token-2")
    #expect(client.auth.tokenDetails?.token == "token-2")
  }

  @Test("RSA10b, RSA10g, RSA10e: parameters are stored for the tokens to come")
  func storesParams() async throws {
    let client = try client()
    try await client.auth.authorize(TokenParams(ttl: .seconds(60), clientId: "saved"))
    try await client.auth.authorize()
    _ = try await client.auth.requestToken()
    #expect(source.params.map(\.clientId) == ["saved", "saved", "saved"])
    #expect(source.params.map(\.ttl) == [.seconds(60), .seconds(60), .seconds(60)])
  }

  @Test("RSA10j: given parameters replace what was stored as a whole, even empty ones")
  func replacesParams() async throws {
    let client = try client {
      $0.defaultTokenParams = TokenParams(ttl: .seconds(60), capability: ["a": [.publish]])
    }
    try await client.auth.authorize(TokenParams(capability: ["b": [.publish]]))
    try await client.auth.authorize(TokenParams())
    try await client.auth.authorize()
    #expect(source.params == [TokenParams(capability: ["b": [.publish]]), TokenParams(), TokenParams()])
  }

  @Test("RSA10g, TK2d, TK2e: a timestamp and a nonce count once")
  func storedWithoutTimestamp() async throws {
    let client = try client()
    let given = TokenParams(
      ttl: .seconds(60), timestamp: Date(timeIntervalSince1970: 5), nonce: "used only once")
    try await client.auth.authorize(given)
    try await client.auth.authorize()
    #expect(source.params == [given, TokenParams(ttl: .seconds(60))])
  }

  @Test("RSA10h, RSA7d: parameters that lack a client id get the client's")
  func ownClientId() async throws {
    let client = try client { $0.clientId = "bob" }
    try await client.auth.authorize(TokenParams(ttl: .seconds(60)))
    try await client.auth.authorize(TokenParams(clientId: "override"))
    try await client.auth.authorize(TokenParams())
    #expect(source.params.map(\.clientId) == ["bob", "override", "bob"])
  }

  @Test("RSA10h: the identity of the token before is asked for again, and is not stored")
  func tokensClientId() async throws {
    let asked = Mutexed<[String?]>([])
    let client = try client {
      $0.authCallback = { params in
        asked.withLock { $0.append(params.clientId) }
        return .tokenDetails(TokenDetails(token: "t", clientId: "carol"))
      }
    }
    try await client.auth.authorize()
    try await client.auth.authorize()
    _ = try await client.auth.requestToken()
    #expect(asked.withLock { $0 } == [nil, "carol", nil])
  }

  @Test("RSA10j, RSA10i: given options replace what was stored as a whole; a key is not remembered")
  func replacesOptions() async throws {
    let client = try RESTClient.stubbed(transport)
    try await client.auth.authorize(options: AuthOptions(authCallback: source.callback))
    try await client.auth.authorize()
    #expect(client.auth.tokenDetails?.token == "token-2")
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.createTokenRequest() }
    #expect(error?.code == .invalidCredentials)
    #expect(transport.sent.isEmpty)
  }

  @Test("RSA10j: empty options replace everything, and leave no means, 40171")
  func emptyOptions() async throws {
    let client = try client()
    try await client.auth.authorize()
    for _ in 0..<2 {
      let error = await #expect(throws: ErrorInfo.self) {
        try await client.auth.authorize(options: AuthOptions())
      }
      #expect(error?.code == .noMeansToRenew)
      #expect(client.auth.tokenDetails == nil)
    }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.code == .noMeansToRenew)
    #expect(
      try await client.auth.authorize(options: AuthOptions(authCallback: source.callback)).token == "token-2")
  }

  @Test("RSA10j, RSA10k: options with queryTime alone leave no key to sign with: 40171, and no request")
  func queryTimeAlone() async throws {
    let client = try RESTClient.stubbed(transport)
    var options = AuthOptions()
    options.queryTime = true
    let given = options
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize(options: given) }
    #expect(error?.code == .noMeansToRenew)
    #expect(transport.sent.isEmpty)
  }

  @Test("RSA10g, RSA10k, AO2g: queryTime is not stored, the offset it learned is")
  func queryTime() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in sent.path == "/time" ? .time : .token }
    let client = try RESTClient.stubbed(transport)
    try await client.auth.authorize(options: AuthOptions(key: Sample.key, queryTime: true))
    try await client.auth.authorize()
    #expect(
      transport.sent.map(\.path) == ["/time"] + Array(repeating: "/keys/appId.keyId/requestToken", count: 2))
    for sent in transport.sent.dropFirst() {
      #expect(try sent.json["timestamp"] == .number(JSONNumber(HTTPReply.serverTime)))
    }
    let other = try RESTClient.stubbed(transport) { $0.queryTime = true }
    try await other.auth.authorize(options: AuthOptions(key: Sample.key))
    #expect(transport.sent.count { $0.path == "/time" } == 1, "options without queryTime replace it")
  }

  @Test("RSA10e, RSA4g, AO2i: a token that is given is used as it is, and the other ways when it ends")
  func literalToken() async throws {
    let client = try client()
    var options = AuthOptions(authCallback: source.callback)
    options.tokenDetails = TokenDetails(token: "given", clientId: "carol")
    let token = try await client.auth.authorize(options: options)
    #expect(token == options.tokenDetails)
    #expect(client.auth.tokenDetails == token)
    #expect(client.auth.clientId == "carol")
    #expect(source.params.isEmpty)
    #expect(try await client.auth.authorize().token == "token-1", "a new one, immediately")
  }

  @Test("RSA10e, AO2h: a token alone leaves no way to obtain another, which is mentioned (RSA4a1)")
  func literalTokenAlone() async throws {
    let log = LogCapture()
    let client = try client { $0.logger = log.logger }
    var options = AuthOptions()
    options.token = "given"
    #expect(try await client.auth.authorize(options: options).token == "given")
    #expect(log.lines.contains { $0.hasPrefix("info") && $0.contains("40171") })
    let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize() }
    #expect(error?.code == .noMeansToRenew)
  }

  @Test("RSA15a, RSA15c, RSA7: a token of somebody else is refused with 40102, wherever it comes from")
  func foreign() async throws {
    let eve = TokenDetails(token: "t", clientId: "eve")
    let client = try client {
      $0.clientId = "bob"
      $0.authCallback = { _ in .tokenDetails(eve) }
    }
    var literal = AuthOptions()
    literal.tokenDetails = eve
    for options in [nil, literal] {
      let error = await #expect(throws: ErrorInfo.self) { try await client.auth.authorize(options: options) }
      #expect(error?.code == .incompatibleCredentials)
      #expect(client.auth.tokenDetails == nil)
      #expect(client.auth.clientId == "bob")
    }
  }

  @Test("RSA10l, RSA16d: the old token is dropped first; a failure leaves none, and what was given stored")
  func failure() async throws {
    let isBroken = Mutexed(false)
    let client = try client {
      $0.authCallback = { params in
        guard !isBroken.withLock({ $0 }) else { throw ErrorInfo(.forbidden, "no") }
        return .token("for \(params.ttl == nil ? "any" : "short")".replacing(" ", with: "-"))
      }
    }
    try await client.auth.authorize()
    isBroken.withLock { $0 = true }
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.auth.authorize(TokenParams(ttl: .seconds(5)))
    }
    #expect(error?.code == .forbidden)
    #expect(client.auth.tokenDetails == nil)
    isBroken.withLock { $0 = false }
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(client.auth.tokenDetails?.token == "for-short")
  }

  @Test("RSA10a: of calls at one time the latest counts, and those before complete with its token")
  func overtaken() async throws {
    let slow = Gate()
    let client = try client {
      $0.authCallback = { params in
        if params.ttl == .seconds(1) { await slow.pass() }
        return .token("token-\(params.ttl == .seconds(1) ? "old" : "new")")
      }
    }
    async let first = client.auth.authorize(TokenParams(ttl: .seconds(1)))
    await slow.arrivals(1)
    let second = try await client.auth.authorize(TokenParams(ttl: .seconds(2)))
    #expect(second.token == "token-new")
    // Nobody opens the gate: whoever was overtaken does not wait for what no longer counts.
    #expect(try await first.token == "token-new")
    #expect(client.auth.tokenDetails?.token == "token-new")
  }

  @Test("a call that is overtaken by one that fails fails with it, and asks nothing more")
  func overtakenByFailure() async throws {
    let slow = Gate()
    let calls = Mutexed(0)
    let client = try client {
      $0.authCallback = { params in
        calls.withLock { $0 += 1 }
        guard params.ttl == .seconds(1) else { throw ErrorInfo(.forbidden, "no") }
        await slow.pass()
        return .token("old")
      }
    }
    let first = Task { try await client.auth.authorize(TokenParams(ttl: .seconds(1))) }
    await slow.arrivals(1)
    await #expect(throws: ErrorInfo.self) { try await client.auth.authorize(TokenParams()) }
    let result = await first.result
    let error = #expect(throws: ErrorInfo.self) { try result.get() }
    #expect(error?.code == .forbidden)
    #expect(calls.withLock { $0 } == 2)
    #expect(client.auth.tokenDetails == nil)
  }

  @Test("RSA10a, RSA15a: a call that is overtaken by one with a token of somebody else fails with it, 40102")
  func overtakenByForeignToken() async throws {
    let slow = Gate()
    let client = try client {
      $0.clientId = "bob"
      $0.authCallback = { _ in
        await slow.pass()
        return .token("old")
      }
    }
    let first = Task { try await client.auth.authorize() }
    await slow.arrivals(1)
    var foreign = AuthOptions(authCallback: source.callback)
    foreign.tokenDetails = TokenDetails(token: "t", clientId: "eve")
    let options = foreign
    await #expect(throws: ErrorInfo.self) { try await client.auth.authorize(options: options) }
    let result = await first.result
    let error = #expect(throws: ErrorInfo.self) { try result.get() }
    #expect(error?.code == .incompatibleCredentials)
    #expect(source.params.isEmpty)
    #expect(client.auth.tokenDetails == nil)
  }

  @Test("requests that wait for a token of replaced options get the token of the new ones")
  func requestsFollow() async throws {
    let slow = Gate()
    let client = try client {
      $0.authCallback = { _ in
        await slow.pass()
        return .token("old")
      }
    }
    async let published = client.channel("c").publish(name: "n", data: nil)
    await slow.arrivals(1)
    try await client.auth.authorize(options: AuthOptions(authCallback: source.callback))
    _ = try await published
    #expect(
      transport.sent.map { $0["Authorization"] } == ["Bearer \(Base64.standard.encode("token-1".utf8))"])
  }

  @Test("RSA10g: what counts once is not left behind by a call that is cancelled")
  func cancelledOnce() async throws {
    let slow = Gate()
    let asked = Mutexed<[TokenParams]>([])
    let client = try client {
      $0.authCallback = { params in
        asked.withLock { $0.append(params) }
        await slow.pass()
        return .token("t")
      }
    }
    let timestamp = Date(timeIntervalSince1970: 1)
    let cancelled = Task {
      try await client.auth.authorize(
        TokenParams(ttl: .seconds(7), timestamp: timestamp, nonce: "0123456789abcdef"))
    }
    await slow.arrivals(1)
    cancelled.cancel()
    let result = await cancelled.result
    #expect(throws: ErrorInfo.self) { try result.get() }
    slow.open()
    try await client.channel("c").publish(name: "n", data: nil)
    let params = asked.withLock(\.self)
    #expect(params.map(\.ttl) == [.seconds(7), .seconds(7)])
    #expect(params.map(\.timestamp) == [timestamp, nil])
    #expect(params.map(\.nonce) == ["0123456789abcdef", nil])
  }

  @Test("one who waits can be cancelled without disturbing the others, and so can the one who came first")
  func cancellation() async throws {
    let slow = Gate()
    let calls = Mutexed(0)
    let client = try client {
      $0.authCallback = { _ in
        calls.withLock { $0 += 1 }
        await slow.pass()
        try Task.checkCancellation()
        return .token("t")
      }
    }
    let worker = Task { try await client.channel("c").publish(name: "n", data: nil) }
    await slow.arrivals(1)
    let others = (0..<10).map { _ in Task { try await client.channel("c").publish(name: "n", data: nil) } }
    others[0].cancel()
    let first = await others[0].result
    #expect(throws: ErrorInfo.self) { try first.get() }
    worker.cancel()
    let second = await worker.result
    let error = #expect(throws: ErrorInfo.self) { try second.get() }
    #expect(error?.code == .operationCanceled)
    slow.open()
    for other in others.dropFirst() { _ = try await other.value }
    #expect(calls.withLock { $0 } == 1)
  }
}
