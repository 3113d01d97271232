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
    let size = messages.reduce(0) { $0 + $1.size }
    let entry = Outbox.Entry(message: frame, owner: .ticket(ticket), size: size)
    do throws(ErrorInfo) {
      try check(messages, context)
      try context.limits.check(entry)
    } catch {
      return complete(ticket, .failure(error))
    }
    guard state != .suspended, state != .failed else {
      return complete(ticket, .failure(.wrongState(name, state, errorReason)))
    }
    act(.submit(entry))
  }

  private func check(_ messages: [Message], _ context: ChannelContext) throws(ErrorInfo) {
    guard !messages.isEmpty else { throw .nothingToPublish }
    for message in messages {
      try message.data?.check()
      if let timestamp = message.timestamp { _ = try Milliseconds.of(timestamp, "timestamp") }
      try context.check(identity: message.clientId)
    }
  }
}
