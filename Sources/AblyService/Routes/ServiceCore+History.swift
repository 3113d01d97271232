internal import AblyTokens

extension ServiceCore {
  /// `GET /channels/{name}/messages` and `…/history`: the channel's messages by pages (RSL2).
  func history(
    _ request: ServiceRequest, channel name: String, route: String
  ) async throws(ErrorInfo) -> ServiceResponse {
    let principal = try authenticator.principal(of: request, at: now)
    let channel = try ChannelName(name)
    try principal.require(.history, on: channel)
    let query = try HistoryQuery(request.query())
    let address = ChannelAddress(appId: principal.appId, name: channel)
    let page = try await history(of: address, .message, query)
    return ServiceResponse(200, .array(page.items.map(\.json)), headers: page.links(route))
  }
}
