package import AsyncHTTPClient
internal import NIOCore

extension HTTPClient {
  /// Asks servers of this machine, and is as patient as the tests: hundreds of them share two processors, and a name is
  /// looked up when a thread is free for that. A server that was killed is not waited for.
  package static let local = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .local)

  /// Sends a request, with the patience of ``local``.
  package func ask(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
    try await execute(request, timeout: .minutes(5))
  }
}

extension HTTPClient.Configuration {
  /// That of ``HTTPClient/local``, to trust a certificate as well.
  package static var local: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .minutes(5)
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }
}
