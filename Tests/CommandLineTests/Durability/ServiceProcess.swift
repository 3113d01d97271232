internal import AblyTokens
internal import Foundation
internal import TestSupport

/// `ably-auth local` in a process that a test may kill.
struct ServiceProcess: Sendable {
  let url: String
  let ready: JSONValue
  private let process: ChildProcess

  /// Starts it on a free port and waits until it is ready.
  static func start(_ arguments: [String]) async throws -> ServiceProcess {
    let output = Pipe()
    let process = try Tool.start(
      ["local", "--port", "0", "--json"] + patience + arguments, output: .pipe(output))
    let ready = try JSONValue(parsing: await output.firstLine())
    let port = ready["port"]?.number?.int64 ?? 0
    return ServiceProcess(url: "http://127.0.0.1:\(port)", ready: ready, process: process)
  }

  /// `kill -9`.
  func endAtOnce() { process.signal(SIGKILL) }

  func end() async { await process.end() }

  func stop() async -> CInt { await process.stop() }

  func send(
    _ method: String, _ path: String, _ body: [UInt8]? = nil, authorization: String? = nil
  ) async throws -> ServiceAnswer {
    try await ServiceAnswer(method, url + path, body, authorization: authorization)
  }

  func exchange(_ request: TokenRequest) async throws -> ServiceAnswer {
    try await send("POST", "/keys/\(request.keyName)/requestToken", request.jsonUTF8)
  }

  static func basic(_ key: String) -> String { "Basic \(Base64.standard.encode(key.utf8))" }
}
