package import AblyTokens
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// What a service in a process of its own answered over HTTP.
package struct ServiceAnswer: Sendable {
  package let status: Int
  package let body: JSONValue?

  package var code: Int64? { body?["error"]?["code"]?.number?.int64 }

  /// Asks.
  package init(
    _ method: String, _ url: String, _ body: [UInt8]? = nil, authorization: String? = nil
  ) async throws {
    var request = HTTPClientRequest(url: url)
    request.method = .RAW(value: method)
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await HTTPClient.local.ask(request)
    status = Int(response.status.code)
    self.body = try? JSONValue(parsing: await response.body.collect(upTo: 1 << 20).readableBytesView)
  }
}
