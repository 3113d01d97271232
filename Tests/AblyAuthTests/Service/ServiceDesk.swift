internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import HTTPTypes

/// A service on a free port of this machine, and clients of it over real HTTP.
struct ServiceDesk: Sendable {
  static let key = "appId.keyId:keySecret"
  static let revocableKey = "appId.revocable:otherSecret"

  let address: BoundAddress

  /// Runs a service around `body`.
  static func open<Result: Sendable>(_ body: (ServiceDesk) async throws -> Result) async throws -> Result {
    let core = try ServiceCore(keys: [
      ServiceKey(APIKey(key)), ServiceKey(APIKey(revocableKey), revocableTokens: true),
    ])
    return try await withAblyServer(core: core) { try await body(ServiceDesk(address: $0)) }
  }

  /// Somebody who holds the key.
  func trusted(_ adjust: (inout ClientOptions) -> Void = { _ in }) throws(ErrorInfo) -> RESTClient {
    try client(ClientOptions(key: Self.key)) {
      $0.allowsBasicAuthOnLoopback = true
      adjust(&$0)
    }
  }

  /// Somebody who holds a token.
  func bearer(
    _ token: TokenDetails, _ adjust: (inout ClientOptions) -> Void = { _ in }
  ) throws(ErrorInfo) -> RESTClient {
    try client(ClientOptions(tokenDetails: token), adjust)
  }

  private func client(
    _ options: ClientOptions, _ adjust: (inout ClientOptions) -> Void
  ) throws(ErrorInfo) -> RESTClient {
    var options = options
    options.endpoint = address.host
    options.port = address.port
    options.tls = false
    adjust(&options)
    return try RESTClient(options: options)
  }

  /// Exchanges a request as somebody who never saw the key: it is all they have.
  func exchange(_ request: TokenRequest) async throws -> TokenDetails {
    let reply = try await AsyncHTTPClientTransport(openTimeout: .seconds(60)).send(
      HTTPRequest(
        method: .post, scheme: "http", authority: "\(address.host):\(address.port)",
        path: "/keys/\(request.keyName)/requestToken", headerFields: [.contentType: "application/json"]),
      body: request.jsonUTF8, limits: HTTPLimits(timeout: .seconds(60), maximumBodySize: 10_000))
    let body = try JSONValue(parsing: reply.body)
    if let error = ErrorInfo(json: body, statusCode: reply.response.status.code) { throw error }
    return try TokenDetails(json: body)
  }
}
