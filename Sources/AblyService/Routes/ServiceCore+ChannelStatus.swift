internal import AblyTokens

extension ServiceCore {
  /// `GET /channels/{name}`: the channel's status (RSL8, CHD2).
  ///
  /// Asking makes a channel active, so it always is (CHS2a).
  ///
  /// - Throws: 50004 when the log cannot say who is there on other nodes.
  func channelStatus(
    _ request: ServiceRequest, channel name: String
  ) async throws(ErrorInfo) -> ServiceResponse {
    let principal = try authenticator.principal(of: request, at: now)
    let channel = try ChannelName(name)
    try principal.require(.channelMetadata, on: channel)
    let address = ChannelAddress(appId: principal.appId, name: channel)
    let elsewhere = try await cluster?.log.occupants(of: LogMark.room(address), besides: cluster?.id ?? "")
    let occupancy = realtime.perform { Occupancy($0.rooms[address] ?? Room(), elsewhere: elsewhere ?? [:]) }
    return ServiceResponse(
      200,
      [
        "channelId": .string(channel.text), "name": .string(channel.text),
        "status": ["isActive": true, "occupancy": ["metrics": occupancy.json]],
      ])
  }
}
