internal import AblyTokens

/// What a channel knows of its connection at the moment of an event.
struct ChannelContext: Sendable {
  let connection: ConnectionState
  let connectionId: String?
  let errorReason: ErrorInfo?
  let moment: Moment
  let settings: RealtimeSettings
  /// What waits to be sent or confirmed, on all channels.
  let load: OutboundLoad
  let limits: ServiceLimits

  var isConnected: Bool { connection == .connected }

  /// Whether there is a connection, or is going to be one soon (RTL4b, RTL4i).
  var isExpected: Bool { [.initialized, .connecting, .connected, .disconnected].contains(connection) }

  /// Why there is no connection.
  var absence: ErrorInfo { errorReason ?? .notConnected(in: connection) }

  /// RTL6g3: as far as the client's own identity is known (RTL6g4), nothing goes out under another.
  func check(identity clientId: String?) throws(ErrorInfo) {
    guard let clientId, let own = moment.clientId, own != ClientID.wildcard, own != clientId else { return }
    throw ErrorInfo(
      .invalidClientId, "the client id is not this client's own", statusCode: 400,
      remedy: "Leave it out, or use credentials that allow any client id.")
  }
}
