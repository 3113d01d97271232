internal import AblyTokens
internal import HTTPTypes
internal import Metrics
internal import Tracing

/// Figures and spans about decisions, for whatever swift-metrics and swift-distributed-tracing are set up with.
/// Nothing in them is secret.
struct EndpointTelemetry: Sendable {
  private let granted: Counter
  private let refused: [Int: Counter]
  private let otherwise: Counter
  private let replaced: Counter
  private let unreplaced: Counter
  private let duration: Timer
  private let tracer: (any Tracer)?

  /// - Parameter tracer: what the process is set up with, where it is absent.
  init(metrics: (any MetricsFactory)? = nil, tracer given: (any Tracer)? = nil) {
    let factory = metrics ?? MetricsSystem.factory
    func counter(_ status: String) -> Counter {
      Counter(label: "ably_token_endpoint_answers_total", dimensions: [("status", status)], factory: factory)
    }
    granted = counter("200")
    refused = Dictionary(
      uniqueKeysWithValues: [400, 401, 403, 405, 413, 429, 503].map { ($0, counter(String($0))) })
    otherwise = counter("other")
    func reloads(_ outcome: String) -> Counter {
      Counter(
        label: "ably_token_endpoint_reloads_total", dimensions: [("outcome", outcome)], factory: factory)
    }
    replaced = reloads("replaced")
    unreplaced = reloads("refused")
    duration = Timer(label: "ably_token_endpoint_answer_seconds", factory: factory)
    // Nobody watches: then no span is begun, which would take a task.
    let tracer = given ?? InstrumentationSystem.tracer
    self.tracer = tracer is NoOpTracer ? nil : tracer
  }

  /// Whether somebody watches, so that each request needs a span.
  var isTraced: Bool { tracer != nil }

  /// Counts an answer, and how long it took to find.
  func count(_ record: AuditRecord, took time: Duration) {
    switch record.outcome {
    case .granted: granted.increment()
    case .refused(let error): (refused[error.statusCode] ?? otherwise).increment()
    }
    duration.record(duration: time)
  }

  /// Counts a policy that was read anew.
  func countReload(isReplaced: Bool) { (isReplaced ? replaced : unreplaced).increment() }

  /// A span around a request, within the trace that this process has begun or the request names.
  func span(
    of request: EndpointRequest, _ work: () async -> EndpointResponse
  ) async -> EndpointResponse {
    guard let tracer else { return await work() }
    let context = Self.context(of: request, by: tracer)
    return await tracer.withSpan("ably.tokenEndpoint", context: context, ofKind: .server) { span in
      let response = await work()
      span.attributes["http.response.status_code"] = response.status.code
      if response.status.code >= 500 {
        span.setStatus(SpanStatus(code: .error, message: "status \(response.status.code)"))
      }
      return response
    }
  }

  /// What this process began already counts before what the request says.
  private static func context(of request: EndpointRequest, by tracer: any Tracer) -> InstrumentationContext {
    if let current = InstrumentationContext.current { return current }
    var context = InstrumentationContext.topLevel
    tracer.extract(request.headerFields, into: &context, using: FieldExtractor())
    return context
  }
}

private struct FieldExtractor: Extractor {
  func extract(key: String, from fields: HTTPFields) -> String? {
    HTTPField.Name(key).flatMap { fields[$0] }
  }
}
