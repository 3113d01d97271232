internal import AblyTokens
public import Logging

/// Writes each decision to the log, one line each: who, by which rule, and what was granted or why not.
public struct AuditLog: AuditSink {
  private let logger: Logger

  /// Logs at level `info`.
  public init(_ logger: Logger = Logger(label: "ably-token-endpoint")) { self.logger = logger }

  /// Writes a line.
  public func record(_ record: AuditRecord) {
    logger.info("decision", metadata: Self.metadata(record))
  }

  private static func metadata(_ record: AuditRecord) -> Logger.Metadata {
    Dictionary(
      record.fields.map { ($0.name, Logger.MetadataValue.string($0.value.string ?? $0.value.text)) },
      uniquingKeysWith: { first, _ in first })
  }
}
