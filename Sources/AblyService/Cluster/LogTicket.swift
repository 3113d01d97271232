/// Who waits for an answer to a frame of theirs, until a shared log has what was in it.
struct LogTicket: Sendable, Hashable {
  let connectionId: String
  /// The `msgSerial` of the frame.
  let serial: Int64
  /// Tells this one from others of the same connection.
  let number: UInt64
  /// How many messages were published; `nil` for presence.
  let count: Int?
}
