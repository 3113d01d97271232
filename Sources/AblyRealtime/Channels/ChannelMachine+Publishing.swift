internal import AblyTokens
internal import AblyWire

extension ChannelMachine {
  /// RTL6. Whether there is a connection is up to the outbox.
  mutating func publish(
    _ messages: [Message], _ params: [String: String], _ ticket: Ticket, _ context: ChannelContext
  ) {
    do throws(ErrorInfo) {
      try check(messages, context)
    } catch {
      return complete(ticket, .failure(error))
    }
    guard state != .suspended, state != .failed else {
      return complete(ticket, .failure(.wrongState(name, state, errorReason)))
    }
    var frame = ProtocolMessage(.message)
    frame.channel = name
    frame.messages = messages
    frame.params = params
    act(.submit(Outbox.Entry(message: frame, owner: .ticket(ticket))))
  }

  private func check(_ messages: [Message], _ context: ChannelContext) throws(ErrorInfo) {
    guard !messages.isEmpty else {
      throw ErrorInfo(.invalidPublishRequest, "there is no message to publish")
    }
    var size = 0
    for message in messages {
      size += message.size
      try message.data?.check()
      try context.check(identity: message.clientId)
    }
    try context.check(size: size)
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
    guard size > maxMessageSize else { return }
    throw ErrorInfo(
      .maxMessageSizeExceeded, "\(size) bytes are more than can be published at once",
      remedy: "Publish at most \(maxMessageSize) bytes in one call.")
  }
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
