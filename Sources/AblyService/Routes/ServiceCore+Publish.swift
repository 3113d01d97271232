internal import AblyTokens

extension ServiceCore {
  /// `POST /channels/{name}/messages`: publishes one message or an array of them (RSL1).
  func publish(_ request: ServiceRequest, channel name: String) async throws(ErrorInfo) -> ServiceResponse {
    let now = now
    let principal = try authenticator.principal(of: request, at: now)
    let channel = try ChannelName(name)
    try principal.require(.publish, on: channel)
    try refuseWhereAsked(request)
    var drafts = try MessageDraft.drafts(in: request.json())
    try principal.sign(&drafts, on: channel)
    let base = Base64.url.encode(random(9))
    let address = ChannelAddress(appId: principal.appId, name: channel)
    let serials = try await publish(
      drafts, to: address, by: principal.key.keyName, base: base, now: now)
    return ServiceResponse(
      201,
      [
        "channel": .string(channel.text), "messageId": .string(drafts.first?.idPrefix ?? base),
        "serials": .array(serials.map(JSONValue.string)),
      ])
  }

  // Official clients test by this parameter that they send publish params at all (RSL1l1).
  private func refuseWhereAsked(_ request: ServiceRequest) throws(ErrorInfo) {
    guard try request.query()["_forceNack"] != "true" else {
      throw ErrorInfo(.reservedForTesting, "the request asked to be refused", statusCode: 400)
    }
  }
}

extension MessageDraft {
  /// The publisher's id without the place in the publish at its end (BPR2b).
  fileprivate var idPrefix: String? {
    guard let id, let colon = id.lastIndex(of: ":"), Int(id[id.index(after: colon)...]) != nil else {
      return id
    }
    return String(id[..<colon])
  }
}
