internal import AblyTokens
internal import Foundation
internal import TestSupport

/// `ably-auth local` while a test needs it.
struct LocalService {
  let port: Int
  let ready: JSONValue

  /// Starts it on a free port, hands it to `body`, and stops it by its process id whatever happens.
  static func run<Result>(
    _ arguments: [String] = ["--key", Tool.key], _ body: (LocalService) async throws -> Result
  ) async throws -> (result: Result, exitCode: Int32) {
    let output = Pipe()
    let process = try Tool.start(
      ["local", "--port", "0", "--json"] + patience + arguments, output: .pipe(output))
    do {
      let ready = try JSONValue(parsing: await output.firstLine())
      let port = Int(ready["port"]?.number?.int64 ?? 0)
      let result = try await body(LocalService(port: port, ready: ready))
      return (result, await process.stop())
    } catch {
      _ = await process.stop()
      throw error
    }
  }

  /// Options that point a command at it.
  var options: [String] { ["--endpoint", "127.0.0.1", "--port", String(port), "--no-tls"] }
}
