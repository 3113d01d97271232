internal import AblyTokens
internal import Logging
internal import Synchronization

/// Keeps everything that is logged.
final class CapturedLog: Sendable {
  private let text = Locked("")

  var everything: String { text.withLock { $0 } }

  var logger: Logger {
    var logger = Logger(label: "captured") { _ in Handler(log: self) }
    logger.logLevel = .trace
    return logger
  }

  private func append(_ line: String) {
    text.withLock { $0 += line + "\n" }
  }

  private struct Handler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      log.append("\(event.level) \(event.message) \(all)")
    }
  }
}
