internal import AblyAuth
internal import AblyTokens
internal import AblyWire

/// Names somebody who waits for an outcome.
typealias Ticket = Int

/// What can happen to a realtime client. A number tells which attempt or socket an event is about: those of an
/// earlier one no longer count.
enum RealtimeEvent: Sendable {
  case connect
  case close
  /// The client is over: nothing happens after it.
  case end
  /// A deadline may have come.
  case due
  /// The machine's network came or went (RTN20).
  case network(isAvailable: Bool)

  case authenticated(Int, Credentials)
  case notAuthenticated(Int, ErrorInfo)
  case frame(Int, ProtocolMessage)
  /// Something came that is not a frame (RTN23b).
  case activity(Int)
  case lost(Int, ErrorInfo, isHostFailure: Bool)
  /// Whether there is a network, and the hosts to try (RTN17j).
  case alternatives(Int, [Origin])

  /// A call of `authorize` with this number looks for a token, has one, or will have none.
  case authorizing(Int)
  case authorized(Credentials, Ticket, of: Int)
  case notAuthorized(ErrorInfo, of: Int)
  /// Another token was obtained: for a request, for `authorize`, or because the service wanted it (RTN22).
  case renewed(Credentials)
  /// The service wanted another token, and there is none (RTN22).
  case notRenewed(ErrorInfo)

  /// What has this number cannot be written: whoever waits for its confirmation learns that there will be none.
  case notWritten(Int64, ErrorInfo)

  case ping(Ticket, id: String)
  case channel(String, ChannelRequest)
}

/// What can be asked of a channel.
enum ChannelRequest: Sendable {
  case attach(Ticket)
  /// Somebody listens from now on, to messages or to presence, and waits for nothing (RTL7g, RTP6d).
  case listen(toMessages: Bool)
  case detach(Ticket)
  case configure(RealtimeChannelOptions, Ticket)
  case release(Ticket)
  case publish([Message], params: [String: String], Ticket)
  case presence(PresenceMessage, Ticket)
  case members(waitForSync: Bool, Ticket)
}

/// What is known from outside at the moment of an event.
struct Moment: Sendable {
  /// Since some fixed moment.
  var uptime: Duration
  /// In milliseconds since 1970.
  var milliseconds: Int64
  /// From 0.8 to 1 (RTB1b).
  var jitter: Double
  /// Whether a token that is refused can be replaced (RSA4a).
  var canRenew: Bool
  /// The identity that messages may go out with, as far as it is known.
  var clientId: String?
}
