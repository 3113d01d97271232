internal import AblyTokens
internal import Testing

@testable internal import AblyService

/// A service with two apps, and somebody to ask it.
struct Desk: Sendable {
  static let start: Int64 = 1_700_000_000_123

  let clock = ManualClock(Desk.start)
  let core: ServiceCore

  /// May do everything on channels.
  let root: ServiceKey
  /// Of the same app, for `chat:*` and reading `news` alone.
  let chat: ServiceKey
  /// Of the same app, with revocable tokens.
  let revocable: ServiceKey
  /// Of another app.
  let stranger: ServiceKey

  init(limits: RealtimeLimits = RealtimeLimits()) throws {
    root = try ServiceKey(APIKey("appOne.keyRoot:rootSecret"))
    chat = try ServiceKey(
      APIKey("appOne.keyChat:chatSecret"),
      capabilityText: #"{"news": ["subscribe","history"], "chat:*":["*"]}"#)
    revocable = try ServiceKey(APIKey("appOne.keyRevocable:revocableSecret"), revocableTokens: true)
    stranger = try ServiceKey(APIKey("appTwo.keyOther:otherSecret"))
    let clock = clock
    core = try ServiceCore(keys: [root, chat, revocable, stranger], limits: limits) { clock.date }
  }

  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, headers: [String: String] = [:],
    peer: ServiceRequest.Peer = ServiceRequest.Peer(isLoopback: true, isSecure: false)
  ) async -> ServiceResponse {
    await core.respond(
      to: ServiceRequest(method, target, headers: headers, body: body?.utf8 ?? [], peer: peer))
  }

  func exchange(_ request: TokenRequest) async -> ServiceResponse {
    await core.respond(
      to: ServiceRequest("POST", "/keys/\(request.keyName)/requestToken", body: request.jsonUTF8))
  }

  func exchange(_ body: JSONValue, keyName: String) async -> ServiceResponse {
    await send("POST", "/keys/\(keyName)/requestToken", body)
  }

  /// A token of `key`, asked for as a client that was handed a signed request does.
  func token(
    of key: ServiceKey, _ params: TokenParams = TokenParams(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TokenDetails {
    let request = try TokenRequestSigner(key: key.key).sign(params, at: clock.date)
    let response = await exchange(request)
    try #require(response.status == 201, "\(response.body)", sourceLocation: sourceLocation)
    return try TokenDetails(json: response.body)
  }

  func publish(
    _ message: JSONValue, to channel: String = "chat:lobby", as headers: [String: String]
  ) async -> ServiceResponse {
    await send("POST", "/channels/\(channel)/messages", message, headers: headers)
  }

  func history(
    _ channel: String = "chat:lobby", _ query: String = "", as headers: [String: String]? = nil
  ) async -> ServiceResponse {
    await send("GET", "/channels/\(channel)/messages\(query)", headers: headers ?? basic(root))
  }
}

/// Basic credentials.
func basic(_ key: ServiceKey) -> [String: String] {
  ["authorization": "Basic \(Base64.standard.encode(key.key.revealed().utf8))"]
}

/// Bearer credentials as official clients send them, in base64.
func bearer(_ token: String) -> [String: String] {
  ["authorization": "Bearer \(Base64.standard.encode(token.utf8))"]
}

func named(_ clientId: String, _ headers: [String: String]) -> [String: String] {
  headers.merging(["x-ably-clientid": Base64.standard.encode(clientId.utf8)]) { $1 }
}

extension ServiceResponse {
  /// The code in the body of a refusal.
  var code: Int? { body["error"]?["code"]?.number?.int64.map { Int($0) } }

  /// Status and code in one, for tables.
  var refusal: Refusal { Refusal(status, code ?? 0) }
}

/// What a refusal is recognised by.
struct Refusal: Sendable, Hashable, CustomStringConvertible {
  let status: Int
  let code: Int

  init(_ status: Int, _ code: Int) {
    self.status = status
    self.code = code
  }

  var description: String { "\(status)/\(code)" }
}
