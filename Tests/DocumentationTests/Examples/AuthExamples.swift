internal import AblyAuth
internal import AblyService
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Examples of authentication")
struct AuthExamples {
  let apiKey = "demo00.key000:only-for-this-machine"

  /// Stands for an app's own server.
  struct Backend: Sendable {
    let signer: TokenRequestSigner

    func tokenRequest(for clientId: String?) async throws -> TokenRequest {
      try signer.sign(TokenParams(capability: ["chat:*": [.publish, .history]], clientId: clientId ?? "bob"))
    }
  }

  /// Runs a service on this machine, with options that lead to it.
  func service(_ body: (ClientOptions) async throws -> Void) async throws {
    let core = try ServiceCore(keys: [ServiceKey(APIKey(apiKey))])
    try await withAblyServer(core: core) { address in
      var options = ClientOptions()
      options.endpoint = address.host
      options.port = address.port
      options.tls = false
      options.allowsBasicAuthOnLoopback = true
      try await body(options)
    }
  }

  @Test("a server signs for a client")
  func signing() async throws {
    let server = try RESTClient(options: ClientOptions(key: apiKey))
    // snippet
    let request = try await server.auth.createTokenRequest(
      TokenParams(ttl: .seconds(3600), capability: ["chat:*": [.subscribe]], clientId: "bob"))
    let body = request.jsonText
    // end
    #expect(body.contains("bob"))
  }

  @Test("an app asks its own server")
  func callback() async throws {
    let backend = Backend(signer: TokenRequestSigner(key: try APIKey(apiKey)))
    try await service { place in
      // snippet
      var options = ClientOptions()
      options.authCallback = { params in
        .tokenRequest(try await backend.tokenRequest(for: params.clientId))
      }
      let client = try RESTClient(options: options)
      // end
      #expect(client.auth.tokenDetails == nil)
      options.lead(where: place)
      let local = try RESTClient(options: options)
      try await local.channel("chat:lobby").publish(name: "greeting", data: "hello")
      #expect(local.auth.clientId == "bob")
    }
  }

  @Test("or lets the client ask by HTTP")
  func url() throws {
    let session = "s"
    // snippet
    var options = ClientOptions(authURL: "https://example.com/ably/auth")
    options.authHeaders = ["Authorization": "Bearer \(session)"]
    let client = try RESTClient(options: options)
    // end
    #expect(client.auth.tokenDetails == nil)
  }

  @Test("a server mints a JWT")
  func jwt() async throws {
    try await service { options in
      // snippet
      let signer = AblyJWTSigner(key: try APIKey(apiKey))
      let jwt = try signer.mint(
        AblyJWT.Claims(ttl: .seconds(600), capability: ["chat:*": [.publish]], clientId: "bob")
      ).token
      // end
      var options = options
      options.token = jwt
      try await RESTClient(options: options).channel("chat:lobby").publish(name: "greeting", data: "hello")
    }
  }

  @Test("a clock that may be wrong")
  func queryTime() async throws {
    try await service { place in
      // snippet
      var options = try ClientOptions(key: apiKey)
      options.queryTime = true
      let client = try RESTClient(options: options)
      // end
      #expect(client.auth.tokenDetails == nil)
      options.lead(where: place)
      #expect(try await RESTClient(options: options).auth.requestToken().token.isEmpty == false)
    }
  }

  @Test("another capability, another identity, another way to obtain tokens")
  func authorize() async throws {
    try await service { options in
      var options = options
      options.key = try APIKey(apiKey)
      let client = try RESTClient(options: options)
      // snippet
      let token = try await client.auth.authorize(
        TokenParams(capability: ["chat:*": [.publish], "news": [.history]]))
      // end
      #expect(token.capability == ["chat:*": [.publish], "news": [.history]])
    }
  }

  @Test("revoke")
  func revoke() async throws {
    try await service { options in
      var options = options
      options.key = try APIKey(apiKey)
      let server = try RESTClient(options: options)
      await #expect(throws: ErrorInfo.self) {
        // snippet
        let result = try await server.auth.revokeTokens([.clientId("bob")])
        // end
        #expect(result.failureCount == 0)
      }
    }
  }

  @Test("what a token does not cover")
  func denied() async throws {
    var shown: [String] = []
    func show(_ text: String) { shown.append(text) }
    try await service { options in
      var options = options
      options.key = try APIKey(apiKey)
      options.useTokenAuth = true
      options.defaultTokenParams = TokenParams(capability: ["news": [.history]])
      let channel = try RESTClient(options: options).channel("chat:lobby")
      // snippet
      do throws(ErrorInfo) {
        try await channel.publish(name: "greeting", data: "hello")
      } catch {
        let isDenied = error.code == .capabilityDenied
        show(isDenied ? "You may not write here." : error.remedy ?? error.message)
      }
      // end
    }
    #expect(shown == ["You may not write here."])
  }

  @Test("signing in again is shown")
  func events() async throws {
    try await service { options in
      var options = options
      options.key = try APIKey(apiKey)
      var shown: [String] = []
      func show(_ text: String) { shown.append(text) }
      // The events end with the client.
      let events = try await {
        let client = try RESTClient(options: options)
        defer { withExtendedLifetime(client) {} }
        let events = client.auth.events
        try await client.auth.authorize()
        return events
      }()
      // snippet
      for await event in events {
        switch event {
        case .renewing: show("Signing in again…")
        case .renewed: show("Signed in.")
        case .failed(let error, _): show(error.remedy ?? error.message)
        }
      }
      // end
      #expect(shown == ["Signing in again…", "Signed in."])
    }
  }

  @Test("any request")
  func request() async throws {
    try await service { options in
      var options = options
      options.key = try APIKey(apiKey)
      let client = try RESTClient(options: options)
      // snippet
      let response = try await client.request("GET", "/channels/chat:lobby")
      // end
      #expect(response.success)
    }
  }

  @Test("without a network: a service in the test")
  func offline() async throws {
    // snippet
    let key = try ServiceKey.random()
    try await withAblyServer(core: ServiceCore(keys: [key])) { address in
      var options = ClientOptions(key: key.key)
      options.endpoint = address.host
      options.port = address.port
      options.tls = address.isSecure
      options.useTokenAuth = true
      let client = try RESTClient(options: options)
      try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
      #expect(client.auth.tokenDetails != nil)
    }
    // end
  }
}

extension ClientOptions {
  /// Snippets make options for Ably itself; what runs here is on this machine.
  fileprivate mutating func lead(where place: ClientOptions) {
    endpoint = place.endpoint
    port = place.port
    tls = place.tls
    allowsBasicAuthOnLoopback = place.allowsBasicAuthOnLoopback
  }
}
