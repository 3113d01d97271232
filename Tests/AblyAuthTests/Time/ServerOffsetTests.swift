internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("The offset of the clock")
struct ServerOffsetTests {
  static let jumps: [(seconds: TimeInterval, isKept: Bool)] = [
    (0, true), (0.9, true), (-0.9, true), (1.1, false), (-1.1, false), (3600, false), (-86_400, false),
  ]

  @Test("RSA10k: it is dropped, and asked for again, when somebody sets the time of day", arguments: jumps)
  func jump(seconds: TimeInterval, isKept: Bool) async throws {
    let times = Mutexed((wall: Sample.now, uptime: Duration.zero))
    let transport = StubTransport(.time)
    let client = try RESTClient(
      options: ClientOptions(key: Sample.key), transport: transport,
      clock: HostClock(
        now: { times.withLock { $0.wall } }, uptime: { times.withLock { $0.uptime } }, sleep: { _ in }))
    _ = try await client.auth.createTokenRequest(options: AuthOptions(key: Sample.key, queryTime: true))
    times.withLock {
      $0.wall += 600 + seconds
      $0.uptime += .seconds(600)
    }
    _ = try await client.auth.createTokenRequest()
    #expect(transport.sent.count == (isKept ? 1 : 2))
    _ = try await client.auth.createTokenRequest()
    #expect(transport.sent.count == (isKept ? 1 : 2))
  }
}
