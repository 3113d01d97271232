internal import AblyTokens
internal import HTTPTypes
internal import Synchronization

/// What stands at which path.
final class EndpointSite: Sendable {
  let endpoint: TokenEndpoint
  private let path: String
  private let metrics: (@Sendable () -> String)?
  private let pages: EndpointPages?
  private let isShuttingDown = Atomic(false)

  enum Answer: Sendable {
    case now(EndpointResponse)
    /// Something has to be waited for.
    case later(EndpointRun)
    /// Somebody watches, so that all of it has to happen in a span.
    case traced(EndpointRequest)
  }

  init(
    _ endpoint: TokenEndpoint, path: String, metrics: (@Sendable () -> String)?, pages: EndpointPages? = nil
  ) {
    self.endpoint = endpoint
    self.path = path
    self.metrics = metrics
    self.pages = pages
  }

  /// What somebody else has to say to a request; `nil` for what is the endpoint's.
  func page(for request: IncomingRequest, from peer: IPAddress?) -> EndpointResponse? {
    pages?(request.pageRequest(from: peer))
  }

  /// From now on it is not ready.
  func beginShutdown() { isShuttingDown.store(true, ordering: .relaxed) }

  /// - Parameter isTooLarge: whether the body is, of which only a part was kept.
  func answer(_ request: EndpointRequest, isTooLarge: Bool) -> Answer {
    let target = request.target.utf8
    if target.starts(with: path.utf8) {
      let rest = target.dropFirst(path.utf8.count)
      if rest.isEmpty || rest.first == UInt8(ascii: "?") {
        return isTooLarge ? .now(endpoint.refuse(request, .tooLarge)) : ask(request)
      }
    }
    if isTooLarge { return .now(EndpointResponse(.tooLarge)) }
    return .now(page(String(request.target.prefix { $0 != "?" }), request.method))
  }

  /// The answer to what did not become a request.
  func refusal(_ refusal: Refusal, from peer: IPAddress?) -> EndpointResponse {
    endpoint.refuse(EndpointRequest(method: .get, target: path, peer: peer), refusal)
  }

  private func ask(_ request: EndpointRequest) -> Answer {
    if endpoint.telemetry.isTraced { return .traced(request) }
    let run = endpoint.begin(request)
    return run.answer.map(Answer.now) ?? .later(run)
  }

  private func page(_ path: String, _ method: HTTPRequest.Method) -> EndpointResponse {
    let isReading = method == .get || method == .head
    switch path {
    case "/health" where isReading: return Self.text("ok\n")
    case "/ready" where isReading:
      let isReady = !isShuttingDown.load(ordering: .relaxed)
      return Self.text(isReady ? "ready\n" : "shutting down\n", isReady ? .ok : .serviceUnavailable)
    case "/metrics" where isReading && metrics != nil:
      return Self.text(metrics?() ?? "", type: "text/plain; version=0.0.4; charset=utf-8")
    default: return EndpointResponse(Refusal(.notFound, "there is nothing at this path", statusCode: 404))
    }
  }

  private static func text(
    _ text: String, _ status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8"
  ) -> EndpointResponse {
    EndpointResponse(
      status: status, headerFields: [.contentType: type, .cacheControl: "no-store"], body: Array(text.utf8))
  }
}
