internal import AblyTokens
internal import Foundation
internal import Synchronization
internal import TestSupport

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// `ably-auth serve` while a test needs it.
struct ServeProcess {
  let port: Int
  let ready: JSONValue
  private let process: ChildProcess
  private let talk: TalkReader

  /// Starts it, hands it to `body`, and stops it by its process id whatever happens.
  static func run(
    _ arguments: [String], _ environment: [String: String],
    _ body: (ServeProcess) async throws -> Void
  ) async throws -> (exitCode: Int32, talk: String) {
    let (output, errors) = (Pipe(), Pipe())
    let talk = TalkReader(errors)
    let process = try Tool.start(
      ["serve", "--json"] + arguments, environment, output: .pipe(output), talk: .pipe(errors))
    do {
      let ready = try JSONValue(parsing: await output.firstLine())
      try await body(
        ServeProcess(
          port: Int(ready["port"]?.number?.int64 ?? 0), ready: ready, process: process, talk: talk))
    } catch {
      _ = await process.stop()
      throw error
    }
    let exitCode = await process.stop()
    return (exitCode, await talk.everything())
  }

  /// Starts it, and gives what it prints until a line that contains `end`.
  static func output(
    of arguments: [String], _ environment: [String: String], until end: String
  ) async throws -> String {
    let (output, errors) = (Pipe(), Pipe())
    let (lines, talk) = (TalkReader(output), TalkReader(errors))
    let process = try Tool.start(
      ["serve"] + arguments, environment, output: .pipe(output), talk: .pipe(errors))
    await lines.line(containing: end)
    _ = await process.stop()
    return await lines.everything() + talk.everything()
  }

  /// Sends SIGHUP, and waits for a line of the log.
  func hangUp(until line: String) async throws {
    process.signal(SIGHUP)
    await talk.line(containing: line)
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
