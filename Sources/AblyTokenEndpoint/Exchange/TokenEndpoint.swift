internal import AblyTokens
public import Metrics
internal import Synchronization
package import Tracing

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Gives tokens to clients that must not hold an API key.
///
/// It verifies who asks, lets a ``TokenPolicy`` decide what they get, narrows that to what they asked for, and
/// signs it. It knows no web framework: a request is a value, and so is its answer.
///
/// A client that gets a 403 stops and tells its user; 401, 429 and 503 make it try again later.
public final class TokenEndpoint: Sendable {
  let setup: Locked<EndpointSetup>
  let limiter: Locked<RateLimiter>
  let audit: any AuditSink
  let telemetry: EndpointTelemetry
  let now: @Sendable () -> Date

  /// Makes an endpoint.
  ///
  /// - Parameters:
  ///   - setup: who may ask, what they get, and how it is signed.
  ///   - audit: gets a record of each decision; the log, where you give none.
  ///   - metrics: where figures go; what the process is set up with, where you give none.
  ///   - now: the time.
  public convenience init(
    _ setup: EndpointSetup, audit: any AuditSink = AuditLog(), metrics: (any MetricsFactory)? = nil,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.init(setup, audit: audit, metrics: metrics, tracer: nil, now: now)
  }

  /// - Parameter tracer: where spans go; what the process is set up with, where there is none.
  package init(
    _ setup: EndpointSetup, audit: any AuditSink, metrics: (any MetricsFactory)?, tracer: (any Tracer)?,
    now: @escaping @Sendable () -> Date
  ) {
    self.setup = Locked(setup)
    limiter = Locked(RateLimiter(setup.limit))
    self.audit = audit
    self.now = now
    telemetry = EndpointTelemetry(metrics: metrics, tracer: tracer)
  }

  /// Replaces all of it for the requests that come from now on. What callers have used of their limit stays,
  /// unless the limit itself changes.
  public func replaceSetup(_ new: EndpointSetup) {
    setup.withLock { $0 = new }
    limiter.withLock { limiter in
      if limiter.limit != new.limit { limiter = RateLimiter(new.limit) }
    }
  }

  /// Answers a request.
  ///
  /// Whatever goes wrong is an answer too: a refusal with Ably's code, and nothing granted.
  public func respond(to request: EndpointRequest) async -> EndpointResponse {
    await telemetry.span(of: request) {
      var run = begin(request)
      return await run.finish()
    }
  }

  /// The answer, where it can be had without waiting for anything; else what goes on with ``EndpointRun/finish()``.
  package func begin(_ request: EndpointRequest) -> EndpointRun {
    EndpointRun(request, setup: setup.withLock { $0 }, endpoint: self, now: now())
  }

  /// Refuses what did not arrive as a request that can be answered. That is a decision like any other.
  func refuse(_ request: EndpointRequest, _ refusal: Refusal) -> EndpointResponse {
    let run = EndpointRun(
      request, setup: setup.withLock { $0 }, endpoint: self, now: now(), refusal: refusal)
    return run.answer ?? EndpointResponse(refusal)
  }
}
