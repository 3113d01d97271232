internal import AblyTokens
internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import TestSupport

/// `ably-auth local` in a process that a test may kill.
struct ServiceProcess: Sendable {
  let url: String
  let ready: JSONValue
  private let process: ChildProcess

  /// Starts it on a free port and waits until it is ready.
  static func start(_ arguments: [String]) async throws -> ServiceProcess {
    let output = Pipe()
    let process = try Tool.start(["local", "--port", "0", "--json"] + arguments, output: .pipe(output))
    let ready = try JSONValue(parsing: await output.firstLine())
    let port = ready["port"]?.number?.int64 ?? 0
    return ServiceProcess(url: "http://127.0.0.1:\(port)", ready: ready, process: process)
  }

  /// `kill -9`.
  func endAtOnce() { process.signal(SIGKILL) }

  func end() async { await process.end() }

  func stop() async -> CInt { await process.stop() }

  // A service that was killed is not waited for.
  private static let client = {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  struct Answer: Sendable {
    let status: Int
    let body: JSONValue?
    var code: Int64? { body?["error"]?["code"]?.number?.int64 }
  }

  func send(
    _ method: String, _ path: String, _ body: [UInt8]? = nil, authorization: String? = nil
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: url + path)
    request.method = .RAW(value: method)
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await Self.client.execute(request, timeout: .seconds(60))
    let bytes = try await response.body.collect(upTo: 1 << 20).readableBytesView
    return Answer(status: Int(response.status.code), body: try? JSONValue(parsing: bytes))
  }

  func exchange(_ request: TokenRequest) async throws -> Answer {
    try await send("POST", "/keys/\(request.keyName)/requestToken", request.jsonUTF8)
  }

  static func basic(_ key: String) -> String { "Basic \(Base64.standard.encode(key.utf8))" }
}
