internal import AblyTokens

extension ServiceCore {
  /// `GET /channels/{name}/presence` and `…/presence/history`: who is there, and who came and went (RSP3,
  /// RSP4). Nobody enters over HTTP (RSP2).
  func presence(
    _ request: ServiceRequest, channel name: String, _ operation: Capability.Operation
  ) async throws(ErrorInfo) -> ServiceResponse {
    let principal = try authenticator.principal(of: request, at: now)
    let channel = try ChannelName(name)
    try principal.require(operation, on: channel)
    let address = ChannelAddress(appId: principal.appId, name: channel)
    if operation == .history {
      let query = try HistoryQuery(request.query())
      let page = try await history(of: address, .presence, query)
      return ServiceResponse(200, .array(page.items.map(\.json)), headers: page.links("history"))
    }
    let query = try PresenceQuery(request.query())
    let page = realtime.perform { query.page(of: $0.rooms[address]?.members ?? PresenceSet()) }
    var links = [("Link", "<./presence?\(query.first)>; rel=\"first\"")]
    if let next = page.next { links.append(("Link", "<./presence?\(next)>; rel=\"next\"")) }
    return ServiceResponse(200, .array(page.items), headers: links)
  }

  /// `GET /stats`: nothing is counted.
  func statistics(_ request: ServiceRequest) throws(ErrorInfo) -> ServiceResponse {
    _ = try authenticator.principal(of: request, at: now)
    return ServiceResponse(200, [])
  }
}
