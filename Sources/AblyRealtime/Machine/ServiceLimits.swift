internal import AblyTokens
internal import AblyWire

extension ErrorInfo {
  /// The same about something that was sent before, and never confirmed.
  var afterSending: ErrorInfo {
    var error = self
    error.message += "; it was sent before, and may have arrived then"
    return error
  }
}

/// What the service takes at once, as far as it has said so (CD2c, CD2d).
struct ServiceLimits: Sendable {
  let messageSize: Int
  let frameSize: Int

  /// Why something is not for this service.
  func refusal(of entry: Outbox.Entry) -> ErrorInfo? {
    if entry.size > messageSize { return .tooLarge(entry.size, limit: messageSize) }
    let frame = entry.message.frameSize(with: entry.size)
    return frame > frameSize ? .frameTooLarge(frame, limit: frameSize) : nil
  }
}
