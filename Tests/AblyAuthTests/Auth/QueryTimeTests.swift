internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("queryTime")
struct QueryTimeTests {
  /// A clock that is advanced by hand.
  let clock = Mutexed(Sample.now)
  let transport = StubTransport(.time)

  func client(queryTime: Bool) throws -> RESTClient {
    try RESTClient.stubbed(
      transport, { $0.queryTime = queryTime }, now: { [clock] in clock.withLock { $0 } })
  }

  static func milliseconds(_ request: TokenRequest) throws -> Int64? {
    try JSONValue(parsing: request.jsonText)["timestamp"]?.number?.int64
  }

  @Test(
    "RSA9d, RSA10k, TO3j10: the service's time is asked for once, then its offset is used",
    arguments: [1.0, -1.0])
  func once(direction: Double) async throws {
    clock.withLock { $0 += direction * 1_000_000_000 }
    let auth = try client(queryTime: true).auth
    #expect(try await Self.milliseconds(auth.createTokenRequest()) == HTTPReply.serverTime)
    clock.withLock { $0 += 60 }
    #expect(try await Self.milliseconds(auth.createTokenRequest()) == HTTPReply.serverTime + 60_000)
    #expect(transport.sent.map(\.line) == ["GET /time"])
    #expect(transport.sent[0]["Authorization"] == nil)
  }

  @Test("RSA10k, AO2g: a known offset is used without being asked for")
  func known() async throws {
    let auth = try client(queryTime: false).auth
    #expect(try await Self.milliseconds(auth.createTokenRequest()) == Sample.nowMilliseconds)
    let options = try AuthOptions(key: Sample.key, queryTime: true)
    #expect(try await Self.milliseconds(auth.createTokenRequest(options: options)) == HTTPReply.serverTime)
    #expect(try await Self.milliseconds(auth.createTokenRequest()) == HTTPReply.serverTime)
    #expect(transport.sent.count == 1)
  }

  @Test("RSA9d: a given timestamp needs no query")
  func givenTimestamp() async throws {
    let auth = try client(queryTime: true).auth
    let params = TokenParams(timestamp: Date(timeIntervalSince1970: 1))
    #expect(try await Self.milliseconds(auth.createTokenRequest(params)) == 1000)
    #expect(transport.sent.isEmpty)
  }

  @Test("RSA9d: a failed query fails the request, and the next one asks again")
  func failure() async throws {
    let transport = StubTransport(.text("", status: 503, type: nil), .time)
    let auth = try RESTClient.stubbed(transport) {
      $0.queryTime = true
      $0.fallbackHosts = []
    }.auth
    let error = await #expect(throws: ErrorInfo.self) { try await auth.createTokenRequest() }
    #expect(error?.statusCode == 503)
    #expect(try await Self.milliseconds(auth.createTokenRequest()) == HTTPReply.serverTime)
  }
}
