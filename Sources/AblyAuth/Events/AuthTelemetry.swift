internal import AblyTokens
package import Metrics
package import Tracing

/// Figures and spans about tokens, for whatever swift-metrics and swift-distributed-tracing are set up with.
/// Nothing in them is secret.
package struct AuthTelemetry: Sendable {
  private let renewals: Counter
  private let failures: Counter
  private let duration: Timer
  private let tracer: (any Tracer)?

  /// - Parameters:
  ///   - metrics: where figures go; what the process is set up with where it is absent.
  ///   - tracer: where spans go; what the process is set up with where it is absent.
  package init(metrics: (any MetricsFactory)? = nil, tracer: (any Tracer)? = nil) {
    let factory = metrics ?? MetricsSystem.factory
    renewals = Counter(label: "ably_auth_renewals_total", factory: factory)
    failures = Counter(label: "ably_auth_renewal_failures_total", factory: factory)
    duration = Timer(label: "ably_auth_renewal_duration", factory: factory)
    self.tracer = tracer
  }

  /// Counts and times a token that is taken into use, or should have been. One that nobody waits for any more
  /// is no failure.
  func renewal<Value: Sendable>(
    _ work: () async throws(ErrorInfo) -> Value
  ) async throws(ErrorInfo) -> Value {
    let start = ContinuousClock.now
    defer { duration.record(duration: start.duration(to: .now)) }
    renewals.increment()
    do throws(ErrorInfo) {
      return try await work()
    } catch {
      if !Task.isCancelled { failures.increment() }
      throw error
    }
  }

  /// A span around a token request.
  func span<Value: Sendable>(
    of source: String, _ work: () async throws(ErrorInfo) -> Value
  ) async throws(ErrorInfo) -> Value {
    let tracer = self.tracer ?? InstrumentationSystem.tracer
    let result = await tracer.withSpan("ably.auth.requestToken", ofKind: .client) { span in
      span.attributes["ably.auth.source"] = source
      do throws(ErrorInfo) {
        return Result<Value, ErrorInfo>.success(try await work())
      } catch {
        span.attributes["ably.error.code"] = error.code.rawValue
        span.recordError(error)
        span.setStatus(SpanStatus(code: .error, message: error.message))
        return .failure(error)
      }
    }
    return try result.get()
  }
}
