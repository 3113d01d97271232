internal import AblyTokenEndpoint
internal import AblyTokens
internal import HTTPTypes
internal import InMemoryTracing
internal import Testing
internal import Tracing

@Suite struct EndpointSpanTests {
  private let tracer = InMemoryTracer()

  private func endpoint(_ policy: any TokenPolicy = Desk.members) throws -> TokenEndpoint {
    let setup = try EndpointSetup(
      callers: [SecretCallers(secret: Desk.secret, checks: WebTokenChecks(issuer: Desk.issuer))],
      policy: policy, keys: KeyRing(APIKey(Desk.key)))
    return TokenEndpoint(setup, audit: AuditCapture(), metrics: nil, tracer: tracer, now: { Desk.now })
  }

  private func request(_ query: String = "", token: String? = Login.token()) -> EndpointRequest {
    var fields = HTTPFields()
    fields[.authorization] = token.map { "Bearer \($0)" }
    return EndpointRequest(method: .get, target: "/auth\(query)", headerFields: fields)
  }

  private var statuses: [SpanAttribute?] {
    tracer.finishedSpans.map { $0.attributes.get("http.response.status_code") }
  }

  @Test("each request is a span of a server, with its status and no secret")
  func spans() async throws {
    let endpoint = try endpoint()
    _ = await endpoint.respond(to: request())
    _ = await endpoint.respond(to: request("?clientId=eve"))
    _ = await endpoint.respond(to: request(token: nil))
    let spans = tracer.finishedSpans
    #expect(spans.map(\.operationName) == Array(repeating: "ably.tokenEndpoint", count: 3))
    #expect(spans.allSatisfy { $0.kind == .server && $0.errors.isEmpty && $0.status == nil })
    #expect(statuses == [.int64(200), .int64(403), .int64(401)])
    #expect(tracer.activeSpans.isEmpty)
    let printed = "\(spans)"
    for secret in [Desk.secret, Login.token(), "only-for-this-machine"] { #expect(!printed.contains(secret)) }
  }

  @Test("a failure of the endpoint's own marks its span")
  func failure() async throws {
    struct Broken: Error {}
    let endpoint = try endpoint(ClosurePolicy { _, _ in throw Broken() })
    _ = await endpoint.respond(to: request())
    #expect(statuses == [.int64(503)])
    #expect(tracer.finishedSpans.first?.status?.code == .error)
  }

  @Test("what the policy does belongs to the span of its request")
  func nesting() async throws {
    let tracer = tracer
    let endpoint = try endpoint(
      ClosurePolicy { caller, _ in
        tracer.withSpan("lookup") { _ in }
        return .grant(TokenGrant(clientId: caller.subject, capability: ["chat": [.publish]]))
      })
    _ = await endpoint.respond(to: request())
    let spans = tracer.finishedSpans
    #expect(spans.map(\.operationName) == ["lookup", "ably.tokenEndpoint"])
    #expect(spans.first?.parentSpanID == spans.last?.spanID)
  }

  @Test(
    "a request that names its trace is a part of it, and one that happens within a span is a part of that")
  func traces() async throws {
    let endpoint = try endpoint()
    var named = request()
    var context = InstrumentationContext.topLevel
    context.inMemorySpanContext = InMemorySpanContext(
      traceID: "of the gateway", spanID: "its", parentSpanID: nil)
    tracer.inject(context, into: &named.headerFields, using: FieldInjector())
    _ = await endpoint.respond(to: named)
    let within = named
    await tracer.withSpan("of this process") { _ in _ = await endpoint.respond(to: within) }
    let spans = tracer.finishedSpans
    #expect(spans.map(\.traceID) == ["of the gateway", spans[2].traceID, spans[2].traceID])
    #expect(spans.map(\.parentSpanID) == ["its", spans[2].spanID, nil])
    #expect(spans[2].traceID != "of the gateway")
  }

  @Test("the server's answers are in spans too, while its other pages are not")
  func served() async throws {
    let endpoint = try endpoint()
    try await ServedDesk.run(endpoint) { served in
      for path in ["/auth", "/health", "/auth?clientId=eve"] { _ = try await served.get(path) }
    }
    #expect(statuses == [.int64(200), .int64(403)])
  }
}

private struct FieldInjector: Injector {
  func inject(_ value: String, forKey key: String, into fields: inout HTTPFields) {
    if let name = HTTPField.Name(key) { fields[name] = value }
  }
}
