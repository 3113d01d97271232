internal import AblyTokens
internal import Foundation
internal import TestSupport

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
    let (output, talk, stdin) = (Pipe(), Pipe(), Pipe())
    let process = try start(
      arguments, environment, input: .pipe(stdin), output: .pipe(output), talk: .pipe(talk))
    return try await withCheckedThrowingContinuation { continuation in
      // In a thread of its own: reading a pipe blocks, and Dispatch's threads run the tasks of the tests too.
      Thread.detachNewThread {
        do {
          try stdin.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
          try stdin.fileHandleForWriting.close()
          let printed = try output.fileHandleForReading.readToEnd() ?? Data()
          let said = try talk.fileHandleForReading.readToEnd() ?? Data()
          continuation.resume(
            returning: Outcome(
              exitCode: process.waitUntilExit(), output: String(decoding: printed, as: UTF8.self),
              talk: String(decoding: said, as: UTF8.self)))
        } catch { continuation.resume(throwing: error) }
      }
    }
  }

  /// Starts it, with nothing of Ably in its environment but what is given.
  static func start(
    _ arguments: [String], _ environment: [String: String] = [:], input: ChildStream = .nowhere,
    output: ChildStream = .nowhere, talk: ChildStream = .nowhere
  ) throws -> ChildProcess {
    try ChildProcess(
      url, arguments,
      environment: ProcessInfo.processInfo.environment
        .filter { !$0.key.hasPrefix("ABLY_") }.merging(environment) { $1 },
      standardInput: input, standardOutput: output, standardError: talk)
  }
}
