internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTokenEndpoint
internal import AblyTokens
internal import AblyWire
internal import Foundation

/// The second half of the story: an endpoint gives tokens to alice, who stays connected while they change.
struct LiveStory {
  let story: Story
  let wire: WireTap
  let key: APIKey
  let address: BoundAddress
  private let policy = StoryPolicy()
  private let audit = StoryAudit()

  init(story: Story, wire: WireTap, key: APIKey, address: BoundAddress) {
    self.story = story
    self.wire = wire
    self.key = key
    self.address = address
  }

  func run() async throws {
    let secret = (0..<3).map { _ in RandomText.next() }.joined()
    let setup = try EndpointSetup(
      callers: [SecretCallers(secret: secret, checks: WebTokenChecks(issuer: LoginToken.issuer))],
      policy: policy, keys: KeyRing([KeyRing.Entry(key: key, revocableTokens: true)]))
    let login = LoginToken.make(["sub": "alice"], secret: secret, at: Date())
    try await withEndpointServer(TokenEndpoint(setup, audit: audit)) { url in
      story.title("A token endpoint starts: what an app's clients ask for tokens")
      story.tell("\(url) holds the key. It gives tokens to those who have signed in to the app, as its")
      story.tell("policy says: members may publish and subscribe in chat:*, moderators may do everything,")
      story.tell("banned accounts nothing. With Ably it is what a client's authUrl points at.")
      var options = ClientOptions(authURL: url)
      options.auth.authHeaders = ["Authorization": "Bearer \(login)"]
      options.connect(to: address)
      options.autoConnect = false
      try await withRealtimeClient(options, transport: FrameTap(wire), httpTransport: wire) { client in
        try await connect(client)
        try await talk(client)
        try await widen(client)
        try await renew(client)
        try await revoke(client)
        try await ban(client)
      }
    }
  }

  private func connect(_ client: RealtimeClient) async throws {
    story.title("alice's app connects, with her login and the endpoint's address alone")
    client.connect()
    try await client.connection.until(.connected)
    story.show(wire.take())
    story.tell("the endpoint wrote into its log:")
    story.quote(audit.last)
    try story.expect(client.connection.state == .connected, "she is connected, and stays it")
    try story.expect(client.clientId == "alice", "the endpoint said that she is alice, not her app")
  }

  private func talk(_ client: RealtimeClient) async throws {
    story.title("She says something in chat:lobby, hears it, and is kept out of moderation")
    try await sayAndHear("hello", client)
    let error = await ErrorInfo.refusing { try await client.channels["moderation"].attach() }
    story.show(wire.take())
    try story.expect(error?.code == .capabilityDenied, "moderation is refused with 40160", error)
    try story.expect(client.connection.state == .connected, "and her connection stands all the same")
  }

  private func widen(_ client: RealtimeClient) async throws {
    story.title("alice becomes a moderator: her connection gets a wider token in place")
    policy.makeModerator("alice")
    let id = client.connection.id
    let changes = client.connection.events
    try await client.auth.authorize()
    try await client.channels["moderation"].attach()
    story.show(wire.take())
    try story.expect(client.connection.id == id, "it is the same connection")
    let change = try await changes.first(within: .seconds(10)) { _ in true }
    try story.expect(change.event == .update, "which was never interrupted")
    try story.expect(client.channels["moderation"].state == .attached, "and moderation is open to her now")
  }

  private func renew(_ client: RealtimeClient) async throws {
    story.title("Her token is about to end, and is renewed without anybody doing anything")
    policy.shortenNextLife(to: .seconds(31))
    let short = try await client.auth.authorize()
    _ = wire.take()
    story.tell(
      "She has one of 31 seconds now. The service asks for the next one half a minute before the end:")
    let id = client.connection.id
    try await client.connection.events.first(within: .seconds(20)) { change in
      change.event == .update && client.auth.tokenDetails != short
    }
    story.show(wire.take())
    let life = client.auth.tokenDetails?.life ?? 0
    try story.expect(life > 3000, "the new token lives for an hour again")
    try story.expect(client.connection.id == id, "on the same connection")
  }

  private func revoke(_ client: RealtimeClient) async throws {
    story.title("The trusted server revokes alice's tokens, and her client comes back with another")
    let (id, token) = (client.connection.id, client.auth.tokenDetails)
    let changes = client.connection.events
    try await revokeAlice()
    let lost = try await changes.first(within: .seconds(10)) { $0.current == .disconnected }
    try await client.connection.until(.connected)
    story.show(wire.take())
    try story.expect(lost.reason?.code == .tokenRevoked, "she was disconnected with 40141", lost.reason)
    try story.expect(client.auth.tokenDetails != token, "the endpoint gave her another token")
    try story.expect(client.connection.id == id, "with which she took the same connection up again")
    try await sayAndHear("still here", client)
    story.show(wire.take())
  }

  private func ban(_ client: RealtimeClient) async throws {
    story.title("alice is banned and revoked: the endpoint refuses, and her client stops asking")
    policy.ban("alice")
    try await revokeAlice()
    try await client.connection.until(.failed)
    story.show(wire.take())
    story.tell("the endpoint wrote into its log:")
    story.quote(audit.last)
    let reason = client.connection.errorReason
    try story.expect(
      client.connection.state == .failed, "a 403 is for good: she is out until somebody changes something",
      reason)
    if let reason { story.tell("her app is told why: \(reason.code.rawValue), \(reason.message)") }
  }

  private func revokeAlice() async throws {
    var options = ClientOptions(key: key)
    options.connect(to: address)
    let server = try RESTClient(options: options, transport: wire)
    let outcome = try await server.auth.revokeTokens([.clientId("alice")])
    try story.expect(outcome.successCount == 1, "the service revoked the tokens of alice")
  }

  private func sayAndHear(_ text: String, _ client: RealtimeClient) async throws {
    let lobby = client.channels["chat:lobby"]
    let messages = lobby.subscribe()
    try await lobby.attach()
    try await lobby.publish(name: "remark", data: MessageData.string(text))
    let heard = try await messages.first(within: .seconds(10)) { _ in true }
    try story.expect(
      heard.data == .string(text) && heard.clientId == "alice", "\"\(text)\" came back, with alice's identity"
    )
  }
}

extension TokenDetails {
  /// For how long it lives, in seconds.
  fileprivate var life: TimeInterval? {
    guard let issued, let expires else { return nil }
    return expires.timeIntervalSince(issued)
  }
}
