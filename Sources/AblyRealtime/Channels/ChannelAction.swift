internal import AblyTokens
internal import AblyWire

/// What is to be done because of something that happened to a channel, in order.
enum ChannelAction: Sendable {
  /// On the present connection.
  case send(ProtocolMessage)
  /// As the connection allows, and to be confirmed by the service (RTL6c).
  case submit(Outbox.Entry)
  /// It will not be sent.
  case drop(Outbox.Entry, ErrorInfo)
  /// So long from now; `nil`: no longer.
  case deadline(ChannelDeadline, Duration?)
  case changed(ChannelStateChange)
  case messages([Message])
  case presence([PresenceMessage])
  case complete(Ticket, Result<Answer, ErrorInfo>)
  /// Somebody should know.
  case warn(ErrorInfo)
  /// The channel is not needed any more (RTS4a).
  case release
}
