internal import AblyTokens
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import TestSupport

@testable internal import AblyService

/// A client of a server on this machine.
struct LoopbackDesk {
  let desk: Desk
  let address: BoundAddress

  /// Runs a server around `body`.
  static func open<Result: Sendable>(_ body: (LoopbackDesk) async throws -> Result) async throws -> Result {
    let desk = try Desk()
    return try await withAblyServer(core: desk.core) { try await body(LoopbackDesk(desk: desk, address: $0)) }
  }

  func send(
    _ method: String, _ target: String, body: [UInt8]? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: "\(address.url)\(target)")
    request.method = .RAW(value: method)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await HTTPClient.local.ask(request)
    var bytes: [UInt8] = []
    for try await part in response.body { bytes += part.readableBytesView }
    return Answer(
      status: Int(response.status.code), contentType: response.headers["content-type"],
      errorCode: response.headers.first(name: "x-ably-errorcode"), bytes: bytes)
  }

  struct Answer: Sendable {
    let status: Int
    let contentType: [String]
    let errorCode: String?
    let bytes: [UInt8]

    var json: JSONValue? { try? JSONValue(parsing: bytes) }
  }
}
