internal import AblyTokens

extension ServiceCore {
  /// `GET /channels/{name}`: the channel's status (RSL8, CHD2).
  ///
  /// Asking makes a channel active, so it always is (CHS2a). Nobody is attached over REST alone: all counts
  /// are zero.
  func channelStatus(_ request: ServiceRequest, channel name: String) throws(ErrorInfo) -> ServiceResponse {
    let principal = try authenticator.principal(of: request, at: now)
    let channel = try ChannelName(name)
    try principal.require(.channelMetadata, on: channel)
    let counts = [
      "connections", "presenceConnections", "presenceMembers", "presenceSubscribers", "publishers",
      "subscribers",
      "objectPublishers", "objectSubscribers",
    ]
    let metrics = JSONValue.object(Dictionary(counts.map { ($0, 0) }, uniquingKeysWith: { $1 }))
    return ServiceResponse(
      200,
      [
        "channelId": .string(channel.text), "name": .string(channel.text),
        "status": ["isActive": true, "occupancy": ["metrics": metrics]],
      ])
  }
}
