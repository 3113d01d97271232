internal import AblyTokens
internal import Logging
internal import Synchronization

/// Keeps every line that is logged, metadata included.
final class LogCapture: Sendable {
  private let record = Locked<[String]>([])

  var lines: [String] { record.withLock { $0 } }

  /// A logger that lets everything through.
  func logger() -> Logger {
    var logger = Logger(label: "capture") { _ in Handler(capture: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let capture: LogCapture
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      capture.record.withLock { $0.append("\(event.level) \(event.message) \(all)") }
    }
  }
}
