internal import AblyAuth
internal import AblyTokens
internal import AblyWire

/// What is to be done because of an event, in order.
enum RealtimeEffect: Sendable {
  /// Credentials are needed; instead of those that were refused, if some were.
  case authenticate(Int, insteadOf: Credentials?, because: ErrorInfo?)
  /// The service wants another token on this connection (RTN22).
  case reauthenticate(insteadOf: Credentials)
  case open(Int, Opening)
  case findAlternatives(Int)
  case send(ProtocolMessage)
  /// The present socket is no longer wanted.
  case drop

  /// The identity that the service stated (RTC4a).
  case identified(String?)
  /// Where the connection stands (RTN17e); `nil` when it no longer does.
  case stands(Origin?)
  case changed(ConnectionStateChange)
  case channelChanged(String, ChannelStateChange)
  case messages(String, [Message])
  case presence(String, [PresenceMessage])
  case released(String)
  /// Something went wrong that nobody waits for (RSL6b, RTP17e): it belongs into the log.
  case warn(ErrorInfo)
  case complete(Ticket, Result<Answer, ErrorInfo>)
  /// Nobody listens any more. In its turn, so that whoever listened has seen all that came before.
  case over
}

/// What somebody waited for.
enum Answer: Sendable {
  case done
  case roundTrip(Duration)
  case published([String?])
  case members([PresenceMessage])
}

/// A socket to open.
struct Opening: Sendable {
  let origin: Origin
  let credentials: Credentials
  /// The key of the connection to go on with (RTN15b1).
  var resume: Secret?
  /// The same for a connection of an earlier client (RTN16k).
  var recover: Secret?
}
