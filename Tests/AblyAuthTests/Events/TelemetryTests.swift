internal import AblyAuth
internal import AblyTokens
internal import InMemoryTracing
internal import Metrics
internal import MetricsTestKit
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("Metrics and spans", .endsAtLast)
struct TelemetryTests {
  let metrics = TestMetrics()
  let tracer = InMemoryTracer()

  func client(_ options: ClientOptions) throws(ErrorInfo) -> RESTClient {
    try RESTClient(
      options: options, transport: StubTransport(.token), clock: .stopped(),
      telemetry: AuthTelemetry(metrics: metrics, tracer: tracer))
  }

  @Test("renewals, failures and durations are counted; requestToken is not a renewal")
  func figures() async throws {
    let calls = Mutexed(0)
    let client = try client(
      ClientOptions(authCallback: { _ in
        let number = calls.withLock { count in
          count += 1
          return count
        }
        guard number != 2 else { throw ErrorInfo(.forbidden, "no") }
        return .token("secret-token")
      }))
    try await client.auth.authorize()
    _ = try? await client.auth.authorize()
    _ = try await client.auth.requestToken()
    #expect(try metrics.expectCounter("ably_auth_renewals_total").totalValue == 2)
    #expect(try metrics.expectCounter("ably_auth_renewal_failures_total").totalValue == 1)
    #expect(try metrics.expectTimer("ably_auth_renewal_duration").values.count == 2)
  }

  @Test("a renewal that its only caller gave up is no failure")
  func cancelled() async throws {
    let slow = Gate()
    let client = try client(
      ClientOptions(authCallback: { _ in
        await slow.pass()
        return .token("secret-token")
      }))
    let caller = Task { try await client.auth.authorize() }
    await slow.arrivals(1)
    caller.cancel()
    let result = await caller.result
    #expect(throws: ErrorInfo.self) { try result.get() }
    // The duration is recorded after everything else.
    let duration = try metrics.expectTimer("ably_auth_renewal_duration")
    try await until(!duration.values.isEmpty)
    #expect(try metrics.expectCounter("ably_auth_renewals_total").totalValue == 1)
    #expect(try metrics.expectCounter("ably_auth_renewal_failures_total").totalValue == 0)
  }

  static let sources: [(String, @Sendable () throws -> ClientOptions)] = [
    ("key", { try ClientOptions(key: Sample.key) }),
    ("authCallback", { ClientOptions(authCallback: { _ in .token("secret-token") }) }),
    ("authURL", { ClientOptions(authURL: "https://auth.example/?session=secret-session") }),
  ]

  @Test("a span around each token request says where the token is from, and nothing secret", arguments: 0..<3)
  func spans(index: Int) async throws {
    let (source, options) = Self.sources[index]
    let client = try client(options())
    _ = try await client.auth.requestToken()
    let span = try #require(tracer.finishedSpans.first)
    #expect(tracer.finishedSpans.count == 1)
    #expect(span.operationName == "ably.auth.requestToken")
    #expect(span.kind == .client)
    #expect(span.attributes.get("ably.auth.source") == .string(source))
    #expect(!"\(span)".contains("secret"))
  }

  @Test("a failure is in its span, with its code")
  func failure() async throws {
    let client = try client(ClientOptions(authCallback: { _ in throw ErrorInfo(.forbidden, "no") }))
    _ = try? await client.auth.requestToken()
    let span = try #require(tracer.finishedSpans.first)
    #expect(span.attributes.get("ably.error.code") == .int64(40300))
    #expect(span.errors.count == 1)
    #expect(span.status?.code == .error)
  }
}
