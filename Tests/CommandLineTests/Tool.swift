internal import AblyTokens
internal import Foundation

/// The built `ably-auth`, run as a user runs it.
struct Tool {
  /// What a run left behind.
  struct Outcome: Sendable {
    let exitCode: Int32
    let output: String
    let talk: String

    /// The first line of the output as JSON.
    func json() throws -> JSONValue {
      try JSONValue(parsing: String(output.prefix { $0 != "\n" }))
    }
  }

  static let key = "demo00.key000:only-for-this-machine"

  // The tests and the tool are built into the same folder.
  static let url = Bundle.main.bundleURL.resolvingSymlinksInPath().appending(path: "ably-auth")

  /// Runs it to its end.
  static func run(
    _ arguments: String..., environment: [String: String] = [:], input: String? = nil
  ) async throws -> Outcome {
    try await run(list: arguments, environment: environment, input: input)
  }

  /// Runs it to its end.
  static func run(
    list arguments: [String], environment: [String: String] = [:], input: String? = nil
  ) async throws -> Outcome {
    let process = process(arguments, environment)
    let (output, talk, stdin) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = talk
    process.standardInput = stdin
    return try await withCheckedThrowingContinuation { continuation in
      // In a thread of its own: reading a pipe blocks, and Dispatch's threads run the tasks of the tests too.
      Thread.detachNewThread {
        do {
          try process.run()
          try stdin.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
          try stdin.fileHandleForWriting.close()
          let printed = try output.fileHandleForReading.readToEnd() ?? Data()
          let said = try talk.fileHandleForReading.readToEnd() ?? Data()
          process.waitUntilExit()
          continuation.resume(
            returning: Outcome(
              exitCode: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
              talk: String(decoding: said, as: UTF8.self)))
        } catch { continuation.resume(throwing: error) }
      }
    }
  }

  /// A process that has not begun, with nothing of Ably in its environment but what is given.
  static func process(_ arguments: [String], _ environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("ABLY_") }.merging(environment) { $1 }
    return process
  }
}
