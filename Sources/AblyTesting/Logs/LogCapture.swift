internal import AblyTokens
public import Logging
internal import Synchronization

/// Keeps everything that is logged to it, at the finest level.
///
/// ```swift
/// let log = LogCapture()
/// var options = service.options
/// options.logger = log.logger
/// ```
public final class LogCapture: Sendable {
  private let record = Locked<[String]>([])
  private let (arrivals, arrived) = AsyncStream.makeStream(of: String.self)

  /// A capture that is empty.
  public init() {}

  /// A logger that writes here, at the level `trace`.
  public var logger: Logger {
    var logger = Logger(label: "captured") { _ in Handler(capture: self) }
    logger.logLevel = .trace
    return logger
  }

  /// What was logged: the level, the message, and `name=value` of its metadata, sorted by name.
  public var lines: [String] { record.withLock(\.self) }

  /// Whether a text stands anywhere in what was logged.
  public func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// Waits for a line that holds a text, among those that were not waited past before. One may wait at a time.
  public func next(containing text: String) async {
    for await line in arrivals where line.contains(text) { return }
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
      let facts = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      let line = (["\(event.level)", "\(event.message)"] + facts).joined(separator: " ")
      capture.record.withLock { $0.append(line) }
      capture.arrived.yield(line)
    }
  }
}
