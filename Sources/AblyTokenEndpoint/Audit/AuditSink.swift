/// Gets a record of each decision. It is called on the thread that serves, so it must not block.
public protocol AuditSink: Sendable {
  /// Takes a record.
  func record(_ record: AuditRecord)
}
