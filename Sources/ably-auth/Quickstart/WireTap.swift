internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import HTTPTypes
internal import Synchronization

/// A transport that carries requests over real HTTP and remembers what travelled, without its secrets.
final class WireTap: HTTPTransport {
  struct Exchange: Sendable {
    let request: String
    let answer: String
  }

  private let transport = AsyncHTTPClientTransport(openTimeout: .seconds(4))
  private let exchanges = Locked<[Exchange]>([])

  func send(_ request: HTTPRequest, body: [UInt8], limits: HTTPLimits) async throws(HTTPFailure) -> HTTPReply
  {
    let reply = try await transport.send(request, body: body, limits: limits)
    let scheme = request.headerFields[.authorization].flatMap { $0.split(separator: " ").first }
    let credentials = scheme.map { "  Authorization: \($0) <redacted>" } ?? ""
    let exchange = Exchange(
      request: "\(request.method) \(request.path ?? "")\(credentials)\(Redaction.of(body))",
      answer: "\(reply.response.status.code)\(Redaction.of(reply.body))")
    exchanges.withLock { $0.append(exchange) }
    return reply
  }

  /// What travelled since the last call.
  func take() -> [Exchange] {
    exchanges.withLock { exchanges in
      defer { exchanges = [] }
      return exchanges
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
