internal import AblyAuth
internal import AblyRealtime
internal import AblyService
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import Testing

@Suite("Examples of tests with a service")
struct TestingExamples {
  @Test("a client in a test")
  func first() async throws {
    // snippet
    try await withAblyService { service in
      let client = try service.client()
      try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
    }
    // end
  }

  @Test("a realtime client in a test")
  func realtime() async throws {
    // snippet
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      var options = service.options
      options.useTokenAuth = true
      try await service.withRealtimeClient(options) { client in
        try await client.connection.whenState(.connected)
        let changes = client.connection.events
        clock.advance(by: .seconds(3590))
        for await change in changes.prefix(1) { #expect(change.event == .update) }
      }
    }
    // end
  }

  // snippet
  /// What an app hands to those who have signed in.
  func tokenRequest(for user: String, key: APIKey) throws -> TokenRequest {
    try TokenRequestSigner(key: key).sign(
      TokenParams(capability: ["chat:*": [.publish, .subscribe]], clientId: user))
  }

  @Test("a user may write to chats, under their own name, and nowhere else")
  func userToken() async throws {
    try await withAblyService { service in
      var options = service.options(
        ClientOptions { _ in .tokenRequest(try tokenRequest(for: "bob", key: service.key)) })
      options.clientId = "bob"
      let client = try service.client(options)
      try await client.channel("chat:lobby").publish(name: "greeting", data: "hello")
      let error = await #expect(throws: ErrorInfo.self) {
        try await client.channel("admin").publish(name: "greeting", data: "hello")
      }
      #expect(error?.code == .capabilityDenied)
    }
  }
  // end

  @Test("an expired token")
  func expiry() async throws {
    try await withAblyService { service in
      // snippet
      let token = try await service.token()
      service.expire(token)
      let client = try service.client(service.options(with: token))
      await #expect(throws: ErrorInfo.self) { try await client.channel("chat:lobby").history() }
      // end
    }
  }

  @Test("a revoked token")
  func revocation() async throws {
    try await withAblyService { service in
      // snippet
      let token = try await service.token(TokenParams(clientId: "bob"), of: service.revocableKey)
      try await service.revoke(.clientId("bob"))
      // end
      let client = try service.client(service.options(with: token))
      await #expect(throws: ErrorInfo.self) { try await client.channel("chat:lobby").history() }
    }
  }

  @Test("a failure on demand")
  func fault() async throws {
    try await withAblyService { service in
      // snippet
      service.add(
        faults: FaultRule(
          .request(path: "/messages", count: 1),
          .respond(status: 503, body: ["error": ["code": 50300, "statusCode": 503]], headers: [:])))
      let client = try service.client()
      await #expect(throws: ErrorInfo.self) { try await client.channel("chat:lobby").history() }
      _ = try await client.channel("chat:lobby").history()
      // end
    }
  }

  @Test("time that passes when it is told to")
  func time() async throws {
    // snippet
    let clock = ManualClock()
    try await withAblyService(clock: clock) { service in
      let token = try await service.token(TokenParams(ttl: .seconds(60)))
      let client = try service.client(service.options(with: token))
      clock.advance(by: .seconds(61))
      await #expect(throws: ErrorInfo.self) { try await client.channel("chat:lobby").history() }
    }
    // end
  }

  @Test("a service with a port")
  func port() async throws {
    var printed = ""
    func print(_ text: String) { printed = text }
    // snippet
    try await withAblyService(listening: true) { service in
      if let address = service.address { print("any client may connect to \(address.url)") }
    }
    // end
    #expect(printed.contains("http://127.0.0.1:"))
  }

  @Test("what was logged")
  func logs() async throws {
    try await withAblyService { service in
      // snippet
      let log = LogCapture()
      var options = service.options
      options.logger = log.logger
      // end
      _ = try await service.client(options).channel("x").history()
      #expect(log.contains("/channels/x/messages"))
    }
  }
}
