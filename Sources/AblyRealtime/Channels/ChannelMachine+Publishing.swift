internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// RTL6. Whether there is a connection is up to the outbox.
  mutating func publish(
    _ messages: [Message], _ params: [String: String], _ ticket: Ticket, _ context: ChannelContext
  ) {
    var frame = ProtocolMessage(.message)
    frame.channel = name
    frame.messages = messages
    frame.params = params
    let size: Int
    do throws(ErrorInfo) {
      size = try checkedSize(of: messages, context)
      try context.check(frame, of: size)
    } catch {
      return complete(ticket, .failure(error))
    }
    guard state != .suspended, state != .failed else {
      return complete(ticket, .failure(.wrongState(name, state, errorReason)))
    }
    act(.submit(Outbox.Entry(message: frame, owner: .ticket(ticket), size: size)))
  }

  private func checkedSize(of messages: [Message], _ context: ChannelContext) throws(ErrorInfo) -> Int {
    guard !messages.isEmpty else {
      throw ErrorInfo(.invalidPublishRequest, "there is no message to publish")
    }
    var size = 0
    for message in messages {
      size += message.size
      try message.data?.check()
      if let timestamp = message.timestamp { _ = try Milliseconds.of(timestamp, "timestamp") }
      try context.check(identity: message.clientId)
    }
    try context.check(size: size)
    return size
  }
}

extension ChannelContext {
  /// RTL6g3: as far as the client's own identity is known (RTL6g4), nothing goes out under another.
  func check(identity clientId: String?) throws(ErrorInfo) {
    guard let clientId, let own = moment.clientId, own != ClientID.wildcard, own != clientId else { return }
    throw ErrorInfo(
      .invalidClientId, "the client id is not this client's own", statusCode: 400,
      remedy: "Leave it out, or use credentials that allow any client id.")
  }

  /// RSL1i.
  func check(size: Int) throws(ErrorInfo) {
    if size > maxMessageSize { throw .tooLarge(size, limit: maxMessageSize) }
  }
}

extension ChannelContext {
  /// A frame that the service does not read would be sent again and again (CD2d).
  func check(_ frame: ProtocolMessage, of size: Int) throws(ErrorInfo) {
    let size = frame.frameSize(with: size)
    if size > maxFrameSize { throw .frameTooLarge(size, limit: maxFrameSize) }
  }
}

extension ProtocolMessage {
  /// What counts for no message takes room as well.
  ///
  /// - Parameter size: that of its messages.
  func frameSize(with size: Int) -> Int {
    var frame = size + (channel?.utf8.count ?? 0)
    for (name, value) in params { frame += name.utf8.count + value.utf8.count }
    for message in messages { frame += (message.id?.utf8.count ?? 0) + (message.encoding?.utf8.count ?? 0) }
    for member in presence { frame += (member.id?.utf8.count ?? 0) + (member.encoding?.utf8.count ?? 0) }
    return frame
  }
}

extension ErrorInfo {
  /// RSL1i.
  static func tooLarge(_ size: Int, limit: Int) -> ErrorInfo {
    ErrorInfo(
      .maxMessageSizeExceeded, "\(size) bytes are more than can be published at once",
      remedy: "Publish at most \(limit) bytes in one call.")
  }

  /// CD2d.
  static func frameTooLarge(_ size: Int, limit: Int) -> ErrorInfo {
    ErrorInfo(
      .maxMessageSizeExceeded, "\(size) bytes, with ids and parameters, are more than one frame may hold",
      remedy: "Send at most \(limit) bytes in one frame.")
  }
}

extension PresenceMessage {
  /// The size that counts against the limit (TP5).
  var size: Int { Message(data: data, clientId: clientId).size + (extras?.text.utf8.count ?? 0) }
}

extension MessageData {
  /// Early, so that whoever publishes learns of it, and not the connection.
  func check() throws(ErrorInfo) {
    guard case .json(let value) = self else { return }
    switch value {
    case .object, .array: return
    default:
      throw ErrorInfo(
        .invalidDataOrEncoding, "the data of a message is neither text, bytes, a JSON object nor an array",
        remedy: "Publish the value inside an object, or as text.")
    }
  }
}
