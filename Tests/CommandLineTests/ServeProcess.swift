internal import AblyTokens
internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// `ably-auth serve` while a test needs it.
struct ServeProcess {
  let port: Int
  let ready: JSONValue
  private let process: Process
  private let talk: TalkReader

  /// Starts it, hands it to `body`, and stops it by its process id whatever happens.
  static func run(
    _ arguments: [String], _ environment: [String: String],
    _ body: (ServeProcess) async throws -> Void
  ) async throws -> (exitCode: Int32, talk: String) {
    let process = Tool.process(["serve", "--json"] + arguments, environment)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let talk = TalkReader(errors)
    try process.run()
    do {
      let line = await TalkReader.firstLine(of: output)
      let ready = try JSONValue(parsing: line)
      try await body(
        ServeProcess(
          port: Int(ready["port"]?.number?.int64 ?? 0), ready: ready, process: process, talk: talk))
    } catch {
      _ = await stop(process)
      throw error
    }
    let exitCode = await stop(process)
    return (exitCode, await talk.everything())
  }

  /// Starts it, and gives what it prints until a line that contains `end`.
  static func output(
    of arguments: [String], _ environment: [String: String], until end: String
  ) async throws -> String {
    let process = Tool.process(["serve"] + arguments, environment)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let (lines, talk) = (TalkReader(output), TalkReader(errors))
    try process.run()
    await lines.line(containing: end)
    _ = await stop(process)
    return await lines.everything() + talk.everything()
  }

  /// Sends SIGHUP, and waits for a line of the log.
  func hangUp(until line: String) async throws {
    kill(process.processIdentifier, SIGHUP)
    await talk.line(containing: line)
  }

  private static func stop(_ process: Process) async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.terminate()
        process.waitUntilExit()
        continuation.resume(returning: process.terminationStatus)
      }
    }
  }
}

/// Reads what a process says, in a thread of its own, as reading a pipe blocks.
final class TalkReader: Sendable {
  private let lines: AsyncStream<String>
  private let seen = Locked<[String]>([])

  init(_ pipe: Pipe) {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    self.lines = lines
    let reading = pipe.fileHandleForReading
    Thread.detachNewThread {
      var rest = Data()
      while true {
        let part = reading.availableData
        rest += part
        while let end = rest.firstIndex(of: 0x0A) {
          continuation.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
          rest = Data(rest[rest.index(after: end)...])
        }
        if part.isEmpty { break }
      }
      continuation.finish()
    }
  }

  /// Waits for a line; what came before it is kept.
  func line(containing text: String) async {
    for await line in lines {
      seen.withLock { $0.append(line) }
      if line.contains(text) { return }
    }
  }

  /// All that was said, once the process has ended.
  func everything() async -> String {
    for await line in lines { seen.withLock { $0.append(line) } }
    return seen.withLock { $0 }.joined(separator: "\n")
  }

  static func firstLine(of pipe: Pipe) async -> String {
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

/// Asks a server on this machine.
enum LoopbackHTTP {
  static func get(_ url: URL, _ fields: [String: String]) async throws -> (Int, String) {
    var request = URLRequest(url: url)
    for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }
}
