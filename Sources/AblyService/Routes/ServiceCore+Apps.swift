internal import AblyTokens

extension ServiceCore {
  /// The most apps; beyond it what is deleted makes room, or has been idle.
  private static let maximumApps = 1000

  /// The most keys of an app that is made by a request.
  private static let maximumKeys = 100

  /// The most that the capabilities of these keys take together, in bytes.
  private static let maximumCapabilityBytes = 64 * 1024

  /// `POST /apps`: an app with keys of its own, as the test suites of official clients ask Ably's sandbox for
  /// one, and the members that its channels are to have. Namespaces in the request are ignored.
  ///
  /// - Throws: 40300 for somebody who may not, and for a page of another origin; 40000 for what cannot be made, 42922
  ///   for too many apps, 50004 when the store does not take it; what ``PresenceFixture/all(in:)`` does, and 91003 where
  ///   there is no room for the members.
  func createApp(_ request: ServiceRequest) async throws(ErrorInfo) -> ServiceResponse {
    guard appMakers.include(request.peer) else {
      throw ErrorInfo(
        .forbidden, "this service makes no apps for whoever asked", statusCode: 403,
        remedy: "Ask on the service's own machine, or start it with --apps anybody.")
    }
    // Where an app is this machine's to make a page must not use its browser for it, whatever name led it here.
    let isLocal = appMakers == .loopback
    if let refusal = isLocal ? request.localForeignness : request.foreignOrigin { throw refusal }
    let body = request.body.isEmpty ? [:] : try request.json()
    let wishes = body["keys"]?.array ?? [[:]]
    guard !wishes.isEmpty, wishes.count <= Self.maximumKeys else {
      throw ErrorInfo(.badRequest, "an app has 1 to \(Self.maximumKeys) keys", statusCode: 400)
    }
    let appId = Randomness.alphanumeric(6)
    var keys: [ServiceKey] = []
    for wish in wishes { keys.append(try Self.key(wish, of: appId)) }
    guard keys.reduce(0, { $0 + $1.capabilityText.utf8.count }) <= Self.maximumCapabilityBytes else {
      throw ErrorInfo(
        .badRequest, "the capabilities of the keys take more than \(Self.maximumCapabilityBytes) bytes",
        statusCode: 400)
    }
    let fixtures = try PresenceFixture.all(in: body["channels"])
    try await save(keys, of: appId, atMost: Self.maximumApps)
    try await enter(fixtures, of: appId)
    var answer = Self.address(of: request)
    answer["appId"] = .string(appId)
    answer["keys"] = .array(keys.map(\.sandboxJSON))
    return ServiceResponse(201, .object(answer), headers: [("Cache-Control", "no-store")])
  }

  /// `DELETE /apps/{id}`, with one of its keys that may do everything, or with any where a request made the app and
  /// none may. Its tokens are unknown from then on.
  func deleteApp(_ request: ServiceRequest, id: String) async throws(ErrorInfo) -> ServiceResponse {
    if let refusal = request.foreignOrigin { throw refusal }
    let principal = try authenticator.principal(of: request, at: now)
    guard principal.hasKey else {
      throw ErrorInfo(.operationRequiresBasicAuth, "an app is deleted with its key", statusCode: 401)
    }
    guard principal.appId == id else {
      throw ErrorInfo(.notFound, "the key that was shown is of another app", statusCode: 404)
    }
    guard apps.mayDelete(with: principal.key) else {
      throw ErrorInfo(
        .capabilityDenied, "an app is deleted with a key that may do everything", statusCode: 401,
        remedy: "Use a key of the app with the capability \(ServiceKey.usualCapabilityText).")
    }
    try await store.remove(app: id)
    take(.removed(app: id), at: now)
    return ServiceResponse(204, .null)
  }

  /// - Throws: what the hub does; then there is no app either.
  private func enter(_ fixtures: [PresenceFixture], of appId: String) async throws(ErrorInfo) {
    let now = now
    do throws(ErrorInfo) {
      try realtime.perform { hub throws(ErrorInfo) in try hub.enter(fixtures, of: appId, now: now) }
    } catch {
      try await store.remove(app: appId)
      take(.removed(app: appId), at: now)
      throw error
    }
  }

  private static func key(_ wish: JSONValue, of appId: String) throws(ErrorInfo) -> ServiceKey {
    let secret = Base64.url.encode(Randomness.system(32))
    let capability = wish["capability"].map { $0.string ?? $0.text }
    return try ServiceKey(
      try APIKey("\(appId).\(Randomness.alphanumeric(6)):\(secret)"),
      capabilityText: capability ?? ServiceKey.usualCapabilityText,
      revocableTokens: wish["revocableTokens"]?.bool ?? false)
  }

  /// Where clients of the app connect to: where this request came.
  private static func address(of request: ServiceRequest) -> [String: JSONValue] {
    let host = request.headers["host"] ?? ""
    let colon = host.hasSuffix("]") ? nil : host.lastIndex(of: ":")
    let port = colon.flatMap { Int(host[host.index(after: $0)...]) }
    let name = colon.map { String(host[..<$0]) } ?? host
    let isSecure = request.peer.isSecure
    return [
      "endpoint": .string(name.trimmingBrackets), "tls": .bool(isSecure),
      "port": .number(JSONNumber(port ?? (isSecure ? 443 : 80))),
    ]
  }
}

extension String {
  /// An IPv6 address without what URLs put around it.
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}

extension ServiceKey {
  /// The key as Ably's sandbox describes one. Who made the app is to have it.
  fileprivate var sandboxJSON: JSONValue {
    let text = key.revealed()
    let secret = String(text.dropFirst(key.keyName.count + 1))
    return [
      "id": .string(String(key.keyName.dropFirst(key.appId.count + 1))), "value": .string(secret),
      "keyName": .string(key.keyName), "keySecret": .string(secret), "keyStr": .string(text),
      "capability": .string(capabilityText), "revocableTokens": .bool(revocableTokens),
    ]
  }
}
