internal import AblyTokens

extension ServiceCore {
  /// `GET /channels/{name}/presence` and `…/presence/history` (RSP3, RSP4). Nobody enters over HTTP (RSP2), so
  /// nobody is there.
  func presence(
    _ request: ServiceRequest, channel name: String, _ operation: Capability.Operation
  ) throws(ErrorInfo) -> ServiceResponse {
    let principal = try authenticator.principal(of: request, at: now)
    try principal.require(operation, on: ChannelName(name))
    return ServiceResponse(200, [])
  }

  /// `GET /stats`: nothing is counted.
  func statistics(_ request: ServiceRequest) throws(ErrorInfo) -> ServiceResponse {
    _ = try authenticator.principal(of: request, at: now)
    return ServiceResponse(200, [])
  }
}
