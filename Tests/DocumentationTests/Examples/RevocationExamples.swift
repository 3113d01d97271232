internal import AblyAuth
internal import AblyService
internal import AblyTokenEndpoint
internal import AblyTokens
internal import Testing

@Suite("Examples of revoking")
struct RevocationExamples {
  private let key = "demo00.key000:only-for-this-machine"

  @Test("targets are revoked, and each has an outcome")
  func targets() async throws {
    var printed: [String] = []
    func print(_ values: Any...) { printed.append("\(values.first ?? "")") }
    let core = try ServiceCore(keys: [ServiceKey(APIKey(key), revocableTokens: true)])
    try await withAblyServer(core: core) { address in
      var options = try ClientOptions(key: key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.allowsBasicAuthOnLoopback = true
      let server = try RESTClient(options: options)
      // snippet
      let outcome = try await server.auth.revokeTokens(
        [.clientId("bob"), .revocationKey("team-red")], allowReauthMargin: true)
      for result in outcome.results {
        switch result {
        case .success(let revoked): print(revoked.target, "is refused from", revoked.appliesAt)
        case .failure(let failed): print(failed.target, "was not revoked:", failed.error.message)
        }
      }
      // end
    }
    #expect(printed == ["clientId:bob", "revocationKey:team-red"])
  }

  @Test("a policy gives tokens of a group a name in common")
  func group() async throws {
    let teams = ["bob": "red"]
    // snippet
    let policy = ClosurePolicy { caller, _ in
      guard let name = caller.subject, let team = teams[name] else { return .refuse("in no team") }
      let channels = Capability.Resource("team:\(team):*")
      return .grant(
        TokenGrant(
          clientId: name, capability: [channels: [.publish, .subscribe]], revocationKey: "team-\(team)"))
    }
    // end
    let decision = try await policy.decision(for: Caller(subject: "bob", way: "test"), asking: TokenWish())
    guard case .grant(let grant, _) = decision else {
      Issue.record("bob is in a team")
      return
    }
    #expect(grant.revocationKey == "team-red")
  }
}
