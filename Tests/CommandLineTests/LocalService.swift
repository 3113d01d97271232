internal import AblyTokens
internal import Foundation

/// `ably-auth local` while a test needs it.
struct LocalService {
  let port: Int
  let ready: JSONValue
  private let process: Process

  /// Starts it on a free port, hands it to `body`, and stops it by its process id whatever happens.
  static func run<Result>(
    _ arguments: [String] = ["--key", Tool.key], _ body: (LocalService) async throws -> Result
  ) async throws -> (result: Result, exitCode: Int32) {
    let process = Tool.process(["local", "--port", "0", "--json"] + arguments)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = Pipe()
    try process.run()
    do {
      let line = try await firstLine(of: output)
      let ready = try JSONValue(parsing: line)
      let port = Int(ready["port"]?.number?.int64 ?? 0)
      let result = try await body(LocalService(port: port, ready: ready, process: process))
      return (result, await stop(process))
    } catch {
      _ = await stop(process)
      throw error
    }
  }

  /// Options that point a command at it.
  var options: [String] { ["--endpoint", "127.0.0.1", "--port", String(port), "--no-tls"] }

  private static func stop(_ process: Process) async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.terminate()
        process.waitUntilExit()
        continuation.resume(returning: process.terminationStatus)
      }
    }
  }

  /// What it prints first.
  static func firstLine(of pipe: Pipe) async throws -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var line = Data()
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8),
          !byte.isEmpty
        {
          line += byte
        }
        continuation.resume(returning: String(decoding: line, as: UTF8.self))
      }
    }
  }
}
