internal import AblyTokens
internal import AblyWire

/// What the service takes at once, as far as it has said so.
struct ServiceLimits: Sendable {
  /// The most bytes of one publish (RSL1i, CD2c).
  let messageSize: Int
  /// The most bytes of one frame (CD2d): one that the service does not read would be sent again and again.
  let frameSize: Int

  /// Refuses what is not for this service.
  ///
  /// - Throws: 40009.
  func check(_ entry: Outbox.Entry) throws(ErrorInfo) {
    if let error = refusal(of: entry) { throw error }
  }

  /// Why something is not for this service.
  func refusal(of entry: Outbox.Entry) -> ErrorInfo? {
    if entry.size > messageSize { return .tooLarge(entry.size, limit: messageSize) }
    let frame = entry.message.frameSize(with: entry.size)
    return frame > frameSize ? .frameTooLarge(frame, limit: frameSize) : nil
  }
}

extension ProtocolMessage {
  /// What counts for no message takes room as well.
  ///
  /// - Parameter size: that of its messages.
  fileprivate func frameSize(with size: Int) -> Int {
    var frame = size + (channel?.utf8.count ?? 0)
    for (name, value) in params { frame += name.utf8.count + value.utf8.count }
    for message in messages { frame += (message.id?.utf8.count ?? 0) + (message.encoding?.utf8.count ?? 0) }
    for member in presence { frame += (member.id?.utf8.count ?? 0) + (member.encoding?.utf8.count ?? 0) }
    return frame
  }
}

extension ErrorInfo {
  fileprivate static func frameTooLarge(_ size: Int, limit: Int) -> ErrorInfo {
    ErrorInfo(
      .maxMessageSizeExceeded, "\(size) bytes, with ids and parameters, are more than one frame may hold",
      remedy: "Send at most \(limit) bytes in one frame.")
  }
}
