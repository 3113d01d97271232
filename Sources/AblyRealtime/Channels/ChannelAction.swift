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

/// What a channel knows of its connection at the moment of an event.
struct ChannelContext: Sendable {
  let connection: ConnectionState
  let connectionId: String?
  let errorReason: ErrorInfo?
  let moment: Moment
  let settings: RealtimeSettings
  /// What waits to be sent or confirmed, on all channels.
  let load: OutboundLoad
  /// The most bytes of one publish (RSL1i).
  let maxMessageSize: Int
  /// The most bytes of one frame (CD2d).
  let maxFrameSize: Int

  var isConnected: Bool { connection == .connected }

  /// Whether there is a connection, or is going to be one soon (RTL4b, RTL4i).
  var isExpected: Bool { [.initialized, .connecting, .connected, .disconnected].contains(connection) }

  /// Why there is no connection.
  var absence: ErrorInfo { errorReason ?? .notConnected(in: connection) }
}
