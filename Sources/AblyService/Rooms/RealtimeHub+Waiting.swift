internal import AblyTokens

/// What attachments take in memory: those of connections outlive their sockets, which nobody counts then.
extension RealtimeHub {
  /// What an attachment takes besides the names of its channel, in bytes, at most.
  private static let attachmentOverhead = 512

  static func weight(of attachment: Attachment, in address: ChannelAddress) -> Int {
    attachmentOverhead + attachment.wireName.utf8.count + address.name.text.utf8.count
  }

  /// Attaches a connection to a channel, or takes what it has there away.
  mutating func setAttachment(_ attachment: Attachment?, of id: String, in address: ChannelAddress) {
    let before = rooms[address]?.attachments[id]
    guard before != nil || attachment != nil else { return }
    rooms[address, default: Room()].attachments[id] = attachment
    let more =
      (attachment.map { Self.weight(of: $0, in: address) } ?? 0)
      - (before.map { Self.weight(of: $0, in: address) } ?? 0)
    attachmentWeight += more
    sessions[id]?.attachmentWeight += more
    if let session = sessions[id], session.transport == nil { waitingWeight += more }
  }

  /// - Throws: 90010 where an attachment would take too much memory, with the others of its connection or with all.
  func checkRoom(
    for wireName: String, in address: ChannelAddress, _ before: Attachment?, of session: Session
  ) throws(ErrorInfo) {
    let weight = Self.attachmentOverhead + wireName.utf8.count + address.name.text.utf8.count
    let more = weight - (before.map { Self.weight(of: $0, in: address) } ?? 0)
    guard more > 0 else { return }
    guard session.attachmentWeight + more <= settings.maximumAttachmentBytesOfOne,
      attachmentWeight + more <= settings.maximumAttachmentBytesOfAll
    else {
      throw ErrorInfo(
        .tooManyChannels, "the channels of the connection, or of all together, take too much memory",
        statusCode: 400)
    }
  }

  /// A connection waits for its client from now on; where too many do, or too much, the oldest end.
  mutating func wait(for id: String, now: Int64) {
    guard let session = sessions[id] else { return }
    waitingWeight += session.attachmentWeight
    waiting.add(id, until: session.endsAt)
    while sessions.count - owners.count > settings.maximumWaiting
      || waitingWeight > settings.maximumWaitingBytes
    {
      guard let oldest = takeOldestWaiting() else { break }
      end(oldest, now: now)
    }
    guard waiting.count > 2 * (sessions.count - owners.count) + 1000 else { return }
    let sessions = sessions
    waiting.sweep { sessions[$0].map(Self.isWaiting)?($1) == true }
  }

  private mutating func takeOldestWaiting() -> String? {
    let sessions = sessions
    return waiting.takeFirst { sessions[$0].map(Self.isWaiting)?($1) == true }
  }

  private static func isWaiting(_ session: Session) -> (Int64) -> Bool {
    { session.transport == nil && session.endsAt == $0 }
  }
}
