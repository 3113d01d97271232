public import AblyTokens
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A JWKS at a web address.
public struct KeySetAddress: KeySetSource {
  private let url: String

  /// - Parameter url: the address, with https, or with http on this very machine.
  /// - Throws: 40003 for another one: whoever can change the keys on their way can log in as anybody.
  public init(url: String) throws(ErrorInfo) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host,
      !host.isEmpty,
      parts.user == nil, scheme == "https" || (scheme == "http" && Self.isLoopback(host))
    else {
      throw ErrorInfo(
        .invalidParameterValue, "the address of the JWKS is not one with https",
        remedy: "Write https://login.example/.well-known/jwks.json; http is for this very machine alone.")
    }
    self.url = url
  }

  private static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host.hasPrefix("127.") && IPAddress(host) != nil || host == "[::1]"
      || host == "::1"
  }

  /// Fetches it. Redirects are not followed.
  public func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8] {
    do {
      return try await fetch(limit: limit, timeout: timeout)
    } catch let error as ErrorInfo {
      throw error
    } catch {
      throw ErrorInfo(
        .timeout, "the login's keys cannot be fetched: \(PeerText.line("\(error)", maximumCount: 200))",
        statusCode: 503)
    }
  }

  private func fetch(limit: Int, timeout: Duration) async throws -> [UInt8] {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    return try await withThrowingTaskGroup(of: [UInt8].self) { tasks in
      // The client's own limit ends with the head of the answer; a body may drip for ever.
      tasks.addTask { try await Self.read(url, limit: limit, timeout: timeout, client) }
      tasks.addTask {
        try await Task.sleep(for: timeout)
        throw ErrorInfo(.timeout, "the login's keys did not come in time", statusCode: 503)
      }
      let outcome = await tasks.nextResult()
      tasks.cancelAll()
      try? await client.shutdown()
      guard let outcome else { throw CancellationError() }
      return try outcome.get()
    }
  }

  private static func read(
    _ url: String, limit: Int, timeout: Duration, _ client: HTTPClient
  ) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: url)
    request.headers.add(name: "Accept", value: "application/json")
    let response = try await client.execute(request, timeout: TimeAmount(timeout))
    guard response.status == .ok else {
      throw ErrorInfo(
        .timeout, "the address of the login's keys answers with status \(response.status.code)",
        statusCode: 503)
    }
    let body = try await response.body.collect(upTo: limit)
    return Array(body.readableBytesView)
  }
}
