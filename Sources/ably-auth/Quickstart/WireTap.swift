internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import HTTPTypes
internal import Synchronization

/// A transport that carries requests over real HTTP and remembers what travelled, without its secrets.
final class WireTap: HTTPTransport {
  private let transport = AsyncHTTPClientTransport(openTimeout: ClientOptions.defaultOpenTimeout)
  private let lines = Locked<[String]>([])

  func send(_ request: HTTPRequest, body: [UInt8], limits: HTTPLimits) async throws(HTTPFailure) -> HTTPReply
  {
    let scheme = request.headerFields[.authorization].flatMap { $0.split(separator: " ").first }
    let credentials = scheme.map { "  Authorization: \($0) <redacted>" } ?? ""
    note("→ \(request.method) \(request.path ?? "")\(credentials)\(Redaction.of(body))")
    let reply = try await transport.send(request, body: body, limits: limits)
    note("← \(reply.response.status.code)\(Redaction.of(reply.body))")
    return reply
  }

  /// Remembers something that travelled otherwise; it holds no secret.
  func note(_ line: String) { lines.withLock { $0.append(line) } }

  /// What travelled since the last call.
  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }

  /// Posts JSON without any credentials.
  func post(_ body: [UInt8], to path: String, at address: BoundAddress) async throws -> HTTPReply {
    let request = HTTPRequest(
      method: .post, scheme: address.isSecure ? "https" : "http",
      authority: "\(address.host):\(address.port)",
      path: path, headerFields: [.contentType: "application/json"])
    return try await send(
      request, body: body, limits: HTTPLimits(timeout: .seconds(10), maximumBodySize: 1 << 20))
  }
}
