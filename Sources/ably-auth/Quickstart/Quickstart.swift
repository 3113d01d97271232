internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes

/// The story: a trusted server that holds a key, a client that never sees it, and the service between them.
final class Quickstart {
  private static let chat: Capability = ["chat:*": [.publish, .subscribe, .history]]
  private let story = Story()
  private let wire = WireTap()

  func run() async throws {
    let key = try ServiceKey.random(revocableTokens: true)
    let core = try ServiceCore(keys: [key])
    try await withAblyServer(core: core) { address in
      story.title("A service starts on this machine")
      story.tell("\(address.url), in memory; nothing leaves this computer.")
      story.tell("It has one app with one API key: \(key.key)")
      let request = try await sign(with: key.key, at: address)
      let token = try await exchange(request, at: address)
      let client = try client(bearing: token.token, at: address)
      try await publish(with: client)
      try await beRefused(client)
      try await replay(request, at: address)
      try await useJWT(of: key.key, at: address)
      try await LiveStory(story: story, wire: wire, key: key.key, address: address).run()
    }
    story.end()
  }

  private func sign(with key: APIKey, at address: BoundAddress) async throws -> TokenRequest {
    story.title("A trusted server signs a TokenRequest for bob, limited to chat:*")
    var options = ClientOptions(key: key)
    options.connect(to: address)
    let server = try RESTClient(options: options, transport: wire)
    let request = try await server.auth.createTokenRequest(
      TokenParams(ttl: .seconds(3600), capability: Self.chat, clientId: "bob"))
    story.tell("It signs these six lines with the key's secret (HMAC-SHA256), without any network:")
    for line in request.signedText.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      story.quote(String(line))
    }
    try story.expect(wire.take().isEmpty, "signing sent nothing")
    story.tell("and hands this to the client. It can be exchanged once, within two minutes:")
    story.quote(Redaction.of(try JSONValue(parsing: request.jsonText)))
    return request
  }

  private func exchange(_ request: TokenRequest, at address: BoundAddress) async throws -> TokenDetails {
    story.title("A client that never saw the key exchanges it for a token")
    let answer = try await wire.post(
      request.jsonUTF8, to: "/keys/\(request.keyName)/requestToken", at: address)
    story.show(wire.take())
    try story.expect(answer.response.status.code == 201, "the service answered 201")
    let details = try TokenDetails(json: JSONValue(parsing: answer.body))
    try story.expect(details.clientId == "bob", "the token is bob's")
    try story.expect(details.capability == Self.chat, "and may do what was asked for, no more: \(Self.chat)")
    return details
  }

  private func client(bearing token: String, at address: BoundAddress) throws -> RESTClient {
    var options = ClientOptions(token: token)
    options.connect(to: address)
    return try RESTClient(options: options, transport: wire)
  }

  private func publish(with client: RESTClient) async throws {
    story.title("With the token it publishes to chat:lobby and reads it back")
    let lobby = client.channel("chat:lobby")
    try await lobby.publish(name: "greeting", data: "hello")
    let message = try await lobby.history().items.first
    story.show(wire.take())
    try story.expect(message?.data == "hello", "the message came back")
    try story.expect(
      message?.clientId == "bob", "with bob's identity, which the client did not have to state")
  }

  private func beRefused(_ client: RESTClient) async throws {
    story.title("It tries admin:audit, which the token does not cover")
    let error = await ErrorInfo.refusing {
      try await client.channel("admin:audit").publish(name: "note", data: "let me in")
    }
    story.show(wire.take())
    try story.expect(error?.code == .capabilityDenied, "refused with 40160", error)
  }

  private func replay(_ request: TokenRequest, at address: BoundAddress) async throws {
    story.title("Somebody replays the TokenRequest")
    let answer = try await wire.post(
      request.jsonUTF8, to: "/keys/\(request.keyName)/requestToken", at: address)
    story.show(wire.take())
    let error = ErrorInfo(json: try JSONValue(parsing: answer.body), statusCode: answer.response.status.code)
    try story.expect(error?.code == .nonceReplayed, "refused with 40105: its nonce was used", error)
  }

  private func useJWT(of key: APIKey, at address: BoundAddress) async throws {
    story.title("The trusted server mints a JWT for alice instead, and the client uses it at once")
    let jwt = try AblyJWTSigner(key: key).mint(
      AblyJWT.Claims(ttl: .seconds(600), capability: Self.chat, clientId: "alice"))
    story.quote(Redaction.of(try jwt.claims.json()))
    let alice = try client(bearing: jwt.token, at: address)
    try await alice.channel("chat:lobby").publish(name: "greeting", data: "hi bob")
    let messages = try await alice.channel("chat:lobby").history().items
    story.show(wire.take())
    try story.expect(
      messages.map(\.clientId) == ["alice", "bob"], "the service knows alice by her JWT, newest message first"
    )
  }
}

extension ClientOptions {
  /// Points the client at a service of this machine. That is all it takes.
  mutating func connect(to address: BoundAddress) {
    // So that the wire can be shown as it is.
    useBinaryProtocol = false
    idempotentRestPublishing = false
    endpoint = address.host
    port = address.port
    tls = address.isSecure
    allowsBasicAuthOnLoopback = true
  }
}
