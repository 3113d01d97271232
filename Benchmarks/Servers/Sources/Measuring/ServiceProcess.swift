internal import Foundation

/// `ably-auth local` in a process of its own, as it was built beside the benchmark.
package struct ServiceProcess: Sendable {
  package let port: Int

  /// Runs it as long as `body` runs.
  package static func run(key: String, _ body: @Sendable (ServiceProcess) async throws -> Void) async throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("ably-auth")
    process.arguments = ["local", "--json", "--port", "0", "--key", key]
    process.standardOutput = output
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let line = output.fileHandleForReading.availableData
    let ready = try JSONDecoder().decode(Ready.self, from: line)
    try await body(ServiceProcess(port: ready.port))
  }

  private struct Ready: Decodable {
    let port: Int
  }
}
